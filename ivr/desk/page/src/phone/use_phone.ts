// The phone in the page is there in every view, so that no change of view ends a call.

import { useEffect } from "preact/hooks";
import { mySeat, ringing } from "../agent/my_call";
import { tellError } from "../parts/toasts";
import { phoneChoice } from "../settings";
import { legState, phoneState, start, stop } from "./page_phone";
import { startRinging } from "./ring";

/** Start the phone once no other tab of this browser has it; it is stopped by the returned function. */
function startInOneTab(seat: string): () => void {
  const waiting = new AbortController();
  let release: () => void = () => undefined;
  const untilReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  phoneState.value = "elsewhere";
  const had = navigator.locks.request(`desk-phone-${seat}`, { signal: waiting.signal }, () => {
    start().catch(tellError);
    return untilReleased;
  });
  had.catch(() => undefined); // it was stopped while it waited
  return () => {
    waiting.abort();
    release();
    stop();
  };
}

export function usePhone(): void {
  const seat = mySeat.value?.seat;
  const inPage = phoneChoice.value === "page";
  useEffect(() => {
    return seat && inPage ? startInOneTab(seat) : undefined;
  }, [seat, inPage]);
  const rings = legState.value === "ringing" && Boolean(ringing.value);
  useEffect(() => (rings ? startRinging() : undefined), [rings]);
}
