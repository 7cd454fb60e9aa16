// The seat of this page's agent, the call that rings there, the call in progress, and the call before it.

import { computed, effect, signal } from "@preact/signals";
import { state } from "../live";
import type { Call, CallRecord, Party, Seat } from "../protocol";
import { get } from "../rest";

export const mySeat = computed<Seat | null>(() => {
  const number = state.value?.me.seat;
  return number ? (state.value?.seats[number] ?? null) : null;
});

// Without the internal calls by which the hotline rings a page that returns to its call.
const calls = computed<Call[]>(() =>
  Object.values(state.value?.calls ?? {}).filter((call) => call.stage !== "ended" && call.kind !== "internal"),
);

export const ringing = computed<Call | null>(() => {
  const number = mySeat.value?.seat;
  return (number && calls.value.find((call) => call.ringing.includes(number))) || null;
});

export const current = computed<Call | null>(() => {
  const number = mySeat.value?.seat;
  const atSeat = calls.value.find((call) => call.call_id === mySeat.value?.call);
  if (atSeat && atSeat !== ringing.value) return atSeat;
  const isIn = (call: Call): boolean =>
    call.parties.some(({ party, state: now }) => party === number && (now === "up" || now === "held"));
  return (number && calls.value.find(isIn)) || null;
});

/** The call that has ended, for which the agent still has to write result and notes. */
export const finished = signal<Call | null>(null);

let previous: Call | null = null;

effect(() => {
  const call = current.value;
  if (!call && previous) finished.value = previous;
  if (call) finished.value = null;
  previous = call;
});

/** After a reload of the page, show the agent's last call again if it has no result yet. */
async function lookForFinished(): Promise<void> {
  const [record] = (await get<{ calls: CallRecord[] }>("/calls?mine=1&limit=1")).calls;
  if (!record || record.result || current.peek() || finished.peek()) return;
  finished.value = {
    ...record,
    kind: "citizen",
    caller_shown: record.caller ? "masked" : "withheld",
    greeting: "",
    line: record.number,
    unit: "",
    stage: "ended",
    since: record.started_at,
    waiting_since: null,
    queue: null,
    keys: [],
    said: [],
    answers: [],
    needs_expert: false,
    emergency: "",
    ringing: [],
    parties: [],
    recording: "off",
    watchers: [],
    mine: true,
  } as Call;
}

// After a reload, phone and seat are offline for a moment, so the page waits for their states.
const stop = effect(() => {
  const isAfterCall = mySeat.value?.state === "wrap-up";
  if (!isAfterCall && !current.value) return;
  queueMicrotask(() => stop());
  if (isAfterCall) lookForFinished().catch(() => undefined); // without an answer, the page does not ask for the result
});

/** The other parties of a call: all but the citizen and the agent's seat. */
export function others(call: Call): Party[] {
  return call.parties.filter((party) => party.kind !== "citizen" && party.party !== mySeat.value?.seat);
}
