// What the agent at this page is in: the own seat, the call that rings at it, the call in progress, and the one before.

import { computed, effect, signal } from "@preact/signals";
import { state } from "../live";
import type { Call, Party, Seat } from "../protocol";

export const mySeat = computed<Seat | null>(() => {
  const number = state.value?.me.seat;
  return number ? (state.value?.seats[number] ?? null) : null;
});

const mine = computed<Call[]>(() => {
  const number = mySeat.value?.seat;
  if (!number || !state.value) return [];
  return Object.values(state.value.calls).filter((call) => call.stage !== "ended" || call.call_id === mySeat.value?.call);
});

export const ringing = computed<Call | null>(() => {
  const number = mySeat.value?.seat ?? "";
  return mine.value.find((call) => call.ringing.includes(number)) ?? null;
});

export const current = computed<Call | null>(() => {
  const id = mySeat.value?.call;
  return id && id !== ringing.value?.call_id ? (state.value?.calls[id] ?? null) : null;
});

/** The call that is over and whose result and notes are still to be written. */
export const finished = signal<Call | null>(null);

let before: Call | null = null;

effect(() => {
  const call = current.value;
  if (!call && before) finished.value = before;
  if (call) finished.value = null;
  before = call;
});

/** The other parties of a call: all but the citizen and the own seat. */
export function others(call: Call): Party[] {
  return call.parties.filter((party) => party.kind !== "citizen" && party.party !== mySeat.value?.seat);
}
