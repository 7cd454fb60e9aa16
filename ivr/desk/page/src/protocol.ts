// The messages from and to the server: the shapes of /api/v1. docs/desk.md describes them.

export type Role = "agent" | "expert" | "supervisor" | "admin" | "auditor" | "unit";

export interface Me {
  user: string;
  name: string;
  roles: Role[];
  seat: string | null;
  unit: string | null;
  may: string[];
  city: string;
  hotline: string;
  language: "zh" | "en";
  password_expired: boolean;
  session: string;
  expires_at: string;
}

export type SeatState = "offline" | "signed-out" | "ready" | "busy" | "wrap-up" | "ringing" | "in-call";

export interface Seat {
  seat: string;
  name: string;
  person: string | null;
  groups: string[];
  signed_in_groups: string[];
  state: SeatState;
  reason: string;
  since: string;
  wrap_up_until: string | null;
  at: string;
  phone: "online" | "offline";
  web_phone: "online" | "offline";
  call: string | null;
  calls_taken?: number | null;
  supervisor: boolean;
  expert: boolean;
  held: boolean;
  node?: string; // of a cluster: the node at which the seat is signed in; "" if it is signed out
}

export interface Queue {
  group: string;
  title: string;
  waiting: number;
  longest_since: string | null;
  signed_in: number;
  ready: number;
  limit: number;
  node?: string;
}

export type PartyKind = "seat" | "expert" | "center" | "linkage" | "line" | "citizen" | "supervisor";

export interface Party {
  party: string;
  kind: PartyKind;
  name: string;
  state: "ringing" | "up" | "held" | "gone";
  since: string;
}

export interface Said {
  text: string;
  decision: string;
  target: string;
  taken_for: string;
  confidence: number;
}

export interface AnswerHeard {
  article: string;
  title: string;
  seconds: number; // that the caller heard
  length: number;
}

export type Stage =
  | "menu"
  | "waiting"
  | "ringing"
  | "talking"
  | "held"
  | "consulting"
  | "three-way"
  | "message"
  | "dialling"
  | "ended";

export interface Call {
  call_id: string;
  caller: string;
  kind: "citizen" | "callback" | "internal";
  caller_shown: "masked" | "whole" | "withheld" | "hidden";
  number: string;
  name: string;
  greeting: string;
  mode: "hotline" | "merged" | "dual" | "subcenter";
  line: string;
  unit: string;
  stage: Stage;
  since: string;
  waiting_since: string | null;
  answered_at: string | null;
  queue: string | null;
  keys: { menu: string; key: string; topic: string }[];
  said: Said[];
  answers: AnswerHeard[]; // the answers of articles that the caller heard at the menu
  needs_expert: boolean;
  emergency: string;
  seat: string | null;
  ringing: string[];
  parties: Party[];
  recording: "on" | "paused" | "off";
  watchers: { seat: string; act: "listen" | "whisper" | "join" }[];
  mine: boolean;
  node?: string; // of a cluster: the node of the call
}

export interface Callback {
  call_id: string;
  caller: string;
  number: string;
  name: string;
  since: string;
  asked: boolean;
  tries: number;
  tried_at: string | null;
  state: "due" | "ringing";
}

export type AlarmKind =
  | "waiting"
  | "wait"
  | "unstaffed"
  | "trunk"
  | "disk"
  | "records"
  | "recogniser"
  | "restarts"
  | "asterisk";

export interface Alarm {
  alarm: number;
  kind: AlarmKind;
  about: string;
  figure: number;
  raised_at: string;
  acknowledged_by: string | null; // null: nobody has acknowledged the alarm
  note: string;
}

export type NodeState = "open" | "draining" | "behind" | "stopping" | "away";

export interface HotlineNode {
  node: string;
  state: NodeState;
  calls: number | null; // null: the node is away
}

export interface Hotline {
  engine: boolean;
  asterisk: boolean;
  stopping: boolean;
  records_late_s: number;
  messages_open?: number;
  nodes?: HotlineNode[]; // of a cluster
  at: string;
}

export interface State {
  hotline: Hotline;
  me: { seat: string | null };
  seats: Record<string, Seat>;
  queues: Record<string, Queue>;
  calls: Record<string, Call>;
  callbacks: Record<string, Callback>;
  alarms: Record<string, Alarm>;
}

export interface CallRecord {
  call_id: string;
  started_at: string;
  caller: string;
  number: string;
  name: string;
  mode: string;
  topic: string | null;
  wait_s: number | null;
  seat: string | null;
  answered_at: string | null;
  talk_s: number | null;
  outcome: string;
  rating: number | null;
  has_recording: boolean;
  work_orders: { work_order?: string; unit?: string }[];
  orders: string[];
  note: string;
  result: string | null;
  legs: { kind: string; target: string; answered_at: string | null; ended_at: string | null }[];
  held: [number, number][];
  recording_paused: [number, number][];
  phones_lost: string[];
  pulled_by: string | null;
  sound_quality: { seat: string; seconds: number; loss_percent: number; jitter_ms: number; round_trip_ms: number }[];
}

export interface Note {
  call_id: string;
  checked: string[];
  text: string;
  version: number;
  by: string;
  at: string;
}

export interface Reachable {
  number: string;
  name: string;
  kind: PartyKind;
  unit: string;
  open: boolean;
  state: SeatState | null;
  emergency: boolean;
}

export interface OpenMessage {
  work_order: string;
  call_id: string;
  caller: string;
  number: string;
  name: string;
  unit: string;
  seconds: number;
  at: string;
  settled_at: string | null;
  settled_by: string | null;
  text: string;
}

export interface ErrorBody {
  code: string;
  message: string;
  field: string | null;
  retry_after_s?: number;
}

export type FromServer =
  | { type: "snapshot"; stream: string; number: number; at: string; state: State }
  | { type: "change"; number: number; at: string; set?: Partial<State>; gone?: Partial<Record<keyof State, string[]>> }
  | { type: "answer"; id: string; ok: true; result: unknown }
  | { type: "answer"; id: string; ok: false; error: ErrorBody }
  | { type: "notice"; notice: string; from?: string; text?: string; at: string }
  | { type: "hello"; at: string };

export interface PhoneAccount {
  uri: string;
  user: string;
  password: string;
  ws: string;
}

export interface Person {
  user: string;
  name: string;
  roles: Role[];
  seat: string | null;
  totp: boolean;
  disabled: boolean;
  must_change_password: boolean;
  last_sign_in: string | null;
  sessions: number;
}

export interface AuditLine {
  id: number;
  at: string;
  user: string;
  act: string;
  about: string;
  detail: string;
  from: string;
}
