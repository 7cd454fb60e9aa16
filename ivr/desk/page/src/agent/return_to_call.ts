// A page that was loaded anew in the middle of a call goes back into it; one that lost only its connection says so.

import { computed, effect, signal } from "@preact/signals";
import { act, connection, state } from "../live";
import { tellError } from "../parts/toasts";
import { legState, phoneState, soundLost } from "../phone/page_phone";
import { Refused } from "../rest";
import { phoneChoice } from "../settings";
import { mySeat } from "./my_call";

const ASTRAY_MS = 3000;
const asked = signal(false); // to be let in again

/** Whether the phone of this page is on its way back into the call: until then its acts would go astray. */
export const returning = computed<boolean>(() => {
  const seat = mySeat.value;
  const isHere = phoneChoice.value === "page" && phoneState.value !== "elsewhere";
  return Boolean(seat?.call && seat.at === `web-${seat.seat}` && isHere) && (asked.value || legState.value === "none");
});

// The hotline has this page's phone in a call, and the phone is in none.
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

  // Each leg comes and goes a moment before or after the hotline tells of it.
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
