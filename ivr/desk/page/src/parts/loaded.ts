// What a request to the server returned, asked for again when what it depends on changes.

import { useEffect, useState } from "preact/hooks";
import { get } from "../rest";
import { tellError } from "./toasts";

/** Return the answer of GET `path`; null until it is there. `version` asks anew when it changes. */
export function useLoaded<T>(path: string | null, version: unknown = 0): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    let stale = false;
    if (path === null) setAnswer(null);
    else
      get<T>(path)
        .then((found) => !stale && setAnswer(found))
        .catch((error: unknown) => !stale && tellError(error));
    return () => {
      stale = true;
    };
  }, [path, version]);
  return answer;
}
