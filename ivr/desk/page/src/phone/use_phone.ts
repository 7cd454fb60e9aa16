// Keeps the page phone running in every view, so that a change of the view ends no call.

import { useEffect } from "preact/hooks";
import { mySeat, ringing } from "../agent/my_call";
import { tellError } from "../parts/toasts";
import { Refused } from "../rest";
import { phoneChoice } from "../settings";
import { legState, phoneState, start, stop } from "./page_phone";
import { startRinging } from "./ring";

/** Start the phone, unless it runs in another page of the seat. */
async function startInThisPage(byForce = false): Promise<void> {
  try {
    await start(byForce);
  } catch (error) {
    if (error instanceof Refused && error.code === "elsewhere") phoneState.value = "elsewhere";
    else tellError(error);
  }
}

/** Move the phone to this page. The other page that has the phone reloads, which ends no call. */
export const takePhone = (): Promise<void> => startInThisPage(true);

/** Follow a notice of the server: another page took the phone, or the page that had the phone disconnected. */
export function phoneMoved(notice: string): void {
  if (notice === "phone-taken") location.reload();
  if (notice === "phone-free" && phoneState.peek() === "elsewhere") void startInThisPage();
}

export function usePhone(): void {
  const seat = mySeat.value?.seat;
  const inPage = phoneChoice.value === "page";
  useEffect(() => {
    if (!seat || !inPage) return undefined;
    void startInThisPage();
    return stop;
  }, [seat, inPage]);
  const rings = legState.value === "ringing" && Boolean(ringing.value);
  useEffect(() => (rings ? startRinging() : undefined), [rings]);
}
