// After a reload during a call, the page asks the hotline to put its phone back into the call. After a lost connection, it
// reports whether its phone is still in the call.

import { computed, effect, signal } from "@preact/signals";
import { act, connection, state } from "../live";
import { tellError } from "../parts/toasts";
import { legState, phoneState, soundLost } from "../phone/page_phone";
import { Refused } from "../rest";
import { phoneChoice } from "../settings";
import { mySeat } from "./my_call";

const OUT_OF_CALL_MS = 3000;
const waitsForAnswer = signal(false); // whether the page waits for an answer of the hotline

/** Whether the phone of this page is returning to the call. Acts have no effect until it is back. */
export const returning = computed<boolean>(() => {
  const seat = mySeat.value;
  const isHere = phoneChoice.value === "page" && phoneState.value !== "elsewhere";
  return Boolean(seat?.call && seat.at === `web-${seat.seat}` && isHere) && (waitsForAnswer.value || legState.value === "none");
});

// Whether the hotline has this page's phone in a call, and the phone has no call.
const outOfCall = computed<boolean>(
  () => connection.value === "connected" && phoneState.value === "registered" && returning.value && !waitsForAnswer.value,
);

export function returnToCall(): void {
  let checked = false;
  effect(() => {
    if (checked || !state.value || phoneState.value !== "registered") return;
    checked = true;
    if (outOfCall.peek()) reportPhone(false);
  });

  let wasLost = false;
  effect(() => {
    if (connection.value === "lost") wasLost = true;
    if (connection.value !== "connected" || phoneState.value !== "registered") return;
    const wasCut = soundLost.value;
    if (wasCut) soundLost.value = false;
    if (wasCut || (wasLost && legState.peek() === "talking")) reportPhone(!wasCut);
    wasLost = false;
  });

  // Phone and hotline do not report a leg at the same moment, so only a lasting difference counts.
  effect(() => {
    if (!outOfCall.value) return undefined;
    const timer = setTimeout(() => reportPhone(false), OUT_OF_CALL_MS);
    return () => clearTimeout(timer);
  });
}

function reportPhone(connected: boolean): void {
  waitsForAnswer.value = true;
  act("call.return", { connected })
    .catch((error) => {
      if (!(error instanceof Refused && error.code === "no-call")) tellError(error); // "no-call": the call has ended meanwhile
    })
    .finally(() => (waitsForAnswer.value = false));
}
