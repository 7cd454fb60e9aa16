// After a reload during a call, the page asks the hotline to put its phone back into the call. After a lost connection, it
// reports whether its phone is still in the call.

import { computed, effect, signal } from "@preact/signals";
import { act, connection, state } from "../live";
import { tellError } from "../parts/toasts";
import { legState, phoneState, soundLost } from "../phone/page_phone";
import { Refused } from "../rest";
import { phoneChoice } from "../settings";
import { mySeat } from "./my_call";

const ASTRAY_MS = 3000;
const asked = signal(false); // whether the page waits for an answer of the hotline

/** Whether the phone of this page is returning to the call. Acts have no effect until it is back. */
export const returning = computed<boolean>(() => {
  const seat = mySeat.value;
  const isHere = phoneChoice.value === "page" && phoneState.value !== "elsewhere";
  return Boolean(seat?.call && seat.at === `web-${seat.seat}` && isHere) && (asked.value || legState.value === "none");
});

// Whether the hotline has this page's phone in a call, and the phone has no call.
const astray = computed<boolean>(
  () => connection.value === "connected" && phoneState.value === "registered" && returning.value && !asked.value,
);

export function returnToCall(): void {
  let looked = false;
  effect(() => {
    if (looked || !state.value || phoneState.value !== "registered") return;
    looked = true;
    if (astray.peek()) tell(false);
  });

  let wasLost = false;
  effect(() => {
    if (connection.value === "lost") wasLost = true;
    if (connection.value !== "connected" || phoneState.value !== "registered") return;
    const wasCut = soundLost.value;
    if (wasCut) soundLost.value = false;
    if (wasCut || (wasLost && legState.peek() === "talking")) tell(!wasCut);
    wasLost = false;
  });

  // Phone and hotline do not report a leg at the same moment, so only a lasting difference counts.
  effect(() => {
    if (!astray.value) return undefined;
    const timer = setTimeout(() => tell(false), ASTRAY_MS);
    return () => clearTimeout(timer);
  });
}

function tell(connected: boolean): void {
  asked.value = true;
  act("call.return", { connected })
    .catch((error) => {
      if (!(error instanceof Refused && error.code === "no-call")) tellError(error); // it has ended meanwhile
    })
    .finally(() => (asked.value = false));
}
