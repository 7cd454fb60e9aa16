// The text of an alarm, in the language of the page.

import { state } from "../live";
import type { Alarm, AlarmKind } from "../protocol";
import { _, type Text } from "../texts";

const WORDS: Record<AlarmKind, Text> = {
  waiting: "{name}: {figure} callers wait",
  wait: "{name}: a caller has waited for {figure} s",
  unstaffed: "{name}: no seat is signed in",
  trunk: "Trunk {name} is down",
  disk: "The disk is nearly full: {figure} % free",
  records: "Call records are late by {figure} s",
  recogniser: "Speech recognition is down or too slow",
  restarts: "{name} was started {figure} times within an hour",
  asterisk: "Asterisk does not answer the engine",
};

export function alarmText(alarm: Pick<Alarm, "kind" | "about" | "figure">): string {
  const name = state.value?.queues[alarm.about]?.title || alarm.about;
  return _(WORDS[alarm.kind], { name, figure: alarm.figure });
}
