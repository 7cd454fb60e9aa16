// The aids of numbers.yaml for an agent in a call to a number: script, checklist, results.

import { useEffect, useState } from "preact/hooks";
import { get } from "../rest";

export interface Aids {
  script: string[];
  checklist: string[];
  results: string[];
}

/** The aids for a call to a number; null until the hotline has answered. */
export function useAids(number: string): Aids | null {
  const [aids, setAids] = useState<Aids | null>(null);
  useEffect(() => {
    void get<Aids>(`/aids?number=${encodeURIComponent(number)}`)
      .then(setAids)
      .catch(() => undefined); // the call goes on, and the agent can still write notes
  }, [number]);
  return aids;
}
