// Today's figures, requested again every half minute.

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

/** The figures of one number that was dialled today. */
export interface NumberFigures extends Figures {
  number: string;
  name: string;
  mode: string;
}

export interface TrunkState {
  trunk: string;
  up: boolean;
  node?: string; // of a cluster: the node that reports this state of the trunk
}

export interface Today {
  day: Figures;
  last_30_min: Figures;
  by_half_hour: HalfHour[];
  last_week: HalfHour[];
  by_number: NumberFigures[]; // most calls first
  trunks: TrunkState[];
}

/** Return the figures; null before the first response. */
export function useToday(): Today | null {
  const [today, setToday] = useState<Today | null>(null);
  useEffect(() => {
    const load = (): void => {
      get<Today>("/indicators/today")
        .then(setToday)
        .catch(() => undefined); // the last figures stay; the frame of the page shows the fault
    };
    load();
    const timer = setInterval(load, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return today;
}

/** Write the share of calls that were answered within 15 s. */
export function share(figures: Figures | undefined): string {
  return figures && figures.offered > 0 ? `${Math.round((100 * figures.within_15s) / figures.offered)} %` : "–";
}

/** Add up the figures of numbers by mode. The modes keep the order of their first number. */
export function byMode(numbers: NumberFigures[]): Map<string, Figures> {
  const sums = new Map<string, Figures>();
  for (const { mode, offered, answered, within_15s, abandoned } of numbers) {
    const sum = sums.get(mode) ?? { offered: 0, answered: 0, within_15s: 0, abandoned: 0 };
    sums.set(mode, {
      offered: sum.offered + offered,
      answered: sum.answered + answered,
      within_15s: sum.within_15s + within_15s,
      abandoned: sum.abandoned + abandoned,
    });
  }
  return sums;
}
