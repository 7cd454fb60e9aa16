// Today's figures, asked for again every half minute.

import { useEffect, useState } from "preact/hooks";
import { get } from "../rest";

const EVERY_MS = 30_000;

export interface Figures {
  offered: number;
  answered: number;
  within_15s: number;
  abandoned: number;
}

export interface HalfHour extends Figures {
  from: string;
}

export interface Today {
  day: Figures;
  last_30_min: Figures;
  by_half_hour: HalfHour[];
  last_week: HalfHour[];
}

/** Return the figures; null until they are there. */
export function useToday(): Today | null {
  const [today, setToday] = useState<Today | null>(null);
  useEffect(() => {
    const load = (): void => {
      get<Today>("/indicators/today")
        .then(setToday)
        .catch(() => undefined); // the figures of before stay; the frame says what is wrong
    };
    load();
    const timer = setInterval(load, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return today;
}

/** Write which part of the calls was answered within 15 s. */
export function share(figures: Figures | undefined): string {
  return figures && figures.offered > 0 ? `${Math.round((100 * figures.within_15s) / figures.offered)} %` : "–";
}
