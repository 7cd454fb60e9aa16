// Words for states, reasons, modes, outcomes and kinds, as the page shows them.

import { state } from "../live";
import type { NodeState, Party, PartyKind, SeatState, Stage } from "../protocol";
import { _, type Text } from "../texts";

const SEAT: Record<SeatState, Text> = {
  offline: "Phone offline",
  "signed-out": "Signed out",
  ready: "Ready",
  busy: "Busy",
  "wrap-up": "Wrap-up",
  ringing: "Ringing",
  "in-call": "In a call",
};

const NODE: Record<NodeState, Text> = {
  open: "Takes calls",
  draining: "Draining",
  behind: "Takes no calls yet",
  stopping: "Being stopped",
  away: "Away",
};

export function nodeState(state: NodeState): string {
  return _(NODE[state]);
}

export const REASONS = ["break", "meal", "meeting", "training", "paperwork"] as const;

const REASON: Record<string, Text> = {
  break: "Break",
  meal: "Meal",
  meeting: "Meeting",
  training: "Training",
  paperwork: "Paperwork",
  "no-answer": "Two calls were not answered",
  "wrap-up": "More wrap-up",
  "in-call": "In a call",
  "in-call-elsewhere": "In a call at another node",
  "queue-moves": "The queue moves to another node",
};

const STAGE: Record<Stage, Text> = {
  menu: "In the menu",
  waiting: "Waiting",
  ringing: "Ringing",
  talking: "Talking",
  held: "On hold",
  consulting: "Consulting",
  "three-way": "Three-way call",
  message: "Leaving a message",
  dialling: "Being connected",
  ended: "Ended",
};

const MODE: Record<string, Text> = {
  hotline: "Hotline number",
  merged: "Whole merge",
  dual: "Dual number",
  subcenter: "Sub-center",
};

const KIND: Record<PartyKind, Text> = {
  seat: "Seat",
  expert: "Expert",
  center: "Center",
  linkage: "Linkage number",
  line: "Line",
  citizen: "Citizen",
  supervisor: "Supervisor",
};

const PARTY: Record<string, Text> = { ringing: "Ringing", up: "In the call", held: "On hold", gone: "Has left" };

const OUTCOME: Record<string, Text> = {
  answered: "Answered",
  message: "Left a message",
  informed: "Heard an answer",
  abandoned: "Gave up waiting",
  "in-progress": "In progress",
  failed: "Failed",
  refused: "Refused",
};

const ROLE: Record<string, Text> = {
  agent: "Agent",
  expert: "Expert",
  supervisor: "Supervisor",
  admin: "Admin",
  auditor: "Auditor",
  unit: "Handling unit",
};

const word = (words: Record<string, Text>, name: string): string => (words[name] ? _(words[name]) : name);

export const seatState = (state: SeatState): string => _(SEAT[state]);
export const reason = (name: string): string => word(REASON, name);
export const stage = (name: Stage): string => _(STAGE[name]);
export const mode = (name: string): string => word(MODE, name);
export const kind = (name: PartyKind): string => word(KIND, name);
export const party = (name: string): string => word(PARTY, name);
export const outcome = (name: string): string => word(OUTCOME, name);
export const role = (name: string): string => word(ROLE, name);

/** The person who sits at a seat, or the name of another party. */
export const partyName = ({ party, name }: Party): string => state.value?.seats[party]?.person || name || party;
