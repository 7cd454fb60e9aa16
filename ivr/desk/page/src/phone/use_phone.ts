// The phone in the page is there in every view, so that no change of view ends a call.

import { useEffect } from "preact/hooks";
import { mySeat, ringing } from "../agent/my_call";
import { tellError } from "../parts/toasts";
import { phoneChoice } from "../settings";
import { legState, start, stop } from "./page_phone";
import { startRinging } from "./ring";

export function usePhone(): void {
  const seat = mySeat.value?.seat;
  const inPage = phoneChoice.value === "page";
  useEffect(() => {
    if (!seat || !inPage) return undefined;
    start().catch(tellError);
    return stop;
  }, [seat, inPage]);
  const rings = legState.value === "ringing" && Boolean(ringing.value);
  useEffect(() => (rings ? startRinging() : undefined), [rings]);
}
