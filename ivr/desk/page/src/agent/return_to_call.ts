// A page that was loaded anew in the middle of a call goes back into it; one that lost only its connection says so.

import { computed, effect, signal } from "@preact/signals";
import { act, connection, state } from "../live";
import { tellError } from "../parts/toasts";
import { legState, phoneState, soundLost } from "../phone/page_phone";
import { phoneChoice } from "../settings";
import { mySeat } from "./my_call";

const asked = signal(false); // to be let in again

/** Whether the phone of this page is on its way back into the call: until then its acts would go astray. */
export const returning = computed<boolean>(() => {
  const seat = mySeat.value;
  const isHere = phoneChoice.value === "page" && phoneState.value !== "elsewhere";
  return Boolean(seat?.call && seat.at === `web-${seat.seat}` && isHere) && (asked.value || legState.value === "none");
});

export function returnToCall(): void {
  let looked = false;
  effect(() => {
    if (looked || !state.value || phoneState.value !== "registered") return;
    looked = true;
    const seat = mySeat.peek();
    if (seat?.call && seat.at === `web-${seat.seat}` && legState.peek() === "none") tell(false);
  });

  let wasLost = false;
  effect(() => {
    const lost = connection.value === "lost";
    if (wasLost && !lost && legState.peek() === "talking") tell(true);
    wasLost = lost;
  });

  effect(() => {
    if (!soundLost.value || connection.value === "lost" || phoneState.value !== "registered") return;
    soundLost.value = false;
    tell(false);
  });
}

function tell(connected: boolean): void {
  asked.value = true;
  act("call.return", { connected })
    .catch(tellError)
    .finally(() => (asked.value = false));
}
