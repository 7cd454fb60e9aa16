// The moments of a call, in seconds of its recording. A recording begins when the first seat answers.

import type { CallRecord } from "../protocol";
import { _ } from "../texts";

export interface Mark {
  from: number; // seconds of the recording
  to: number;
  kind: "party" | "held" | "paused";
  text: string;
}

export function marksOf(record: CallRecord): Mark[] {
  if (!record.answered_at) return [];
  const begin = Date.parse(record.answered_at);
  const second = (at: string): number => Math.max(0, (Date.parse(at) - begin) / 1000);
  const parties = record.legs
    .filter((leg) => leg.answered_at && leg.kind !== "message")
    .map((leg): Mark => {
      const from = second(leg.answered_at ?? "");
      return { from, to: leg.kind === "consult" && leg.ended_at ? second(leg.ended_at) : from, kind: "party", text: leg.target };
    });
  const held = record.held.map(([from, to]): Mark => ({ from, to, kind: "held", text: _("on hold") }));
  const paused = record.recording_paused.map(
    ([from, to]): Mark => ({ from, to, kind: "paused", text: _("recording paused") }),
  );
  return [...parties, ...held, ...paused].sort((first, second) => first.from - second.from);
}
