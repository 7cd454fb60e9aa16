// The one WebSocket: a snapshot of the hotline's state, then numbered changes; acts go the other way.
// If the connection is lost, silent or asleep, the page connects again and goes on after the last change that it has.

import { signal } from "@preact/signals";
import { setServerTime } from "./clock";
import type { FromServer, State } from "./protocol";
import { Refused } from "./rest";
import { language } from "./settings";
import { _ } from "./texts";

const HELLO_EVERY_MS = 2000;
const SILENT_MS = 4000; // after a hello; then the connection counts as lost
const DOUBTED_MS = 900; // after a hello, if the sound of a call stopped, too
const OPENS_MS = 8000;
const LOOK_EVERY_MS = 500; // while the connection is lost
const LOOK_DEADLINE_MS = 1500;
const ACT_DEADLINE_MS = 15_000;
const SIGNED_OUT = 4401;
const PAGE = crypto.randomUUID(); // tells the server that a new connection is of this page

export type Connection = "connecting" | "connected" | "lost";

export interface Notice {
  notice: string;
  from: string;
  text: string;
  at: string;
}

export const state = signal<State | null>(null);
export const connection = signal<Connection>("connecting");
export const roundTripMs = signal<number | null>(null);
export const notices = signal<Notice[]>([]);

/** How often the path to the server was lost without a close. The page's other connections are then lost, too. */
export const pathsLost = signal(0);

/** Whether the phone of the seat runs in this page; each new connection reports it. */
let hasPhone = false;
export function tellPhone(here: boolean): void {
  hasPhone = here;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

let socket: WebSocket | null = null;
let stream = "";
let last = 0;
let looking = 0; // number of the present search for the server
let lookedAt = -Infinity;
let acts = 0;
let helloAt = 0;
let silence: ReturnType<typeof setTimeout> | undefined;
let wanted = false;
let onSignedOut: () => void = () => {};
const waiting = new Map<string, Waiting>();

/** Connect, and stay connected until `disconnect`; `signedOut` is called if the session has ended. */
export function connect(signedOut: () => void): void {
  onSignedOut = signedOut;
  wanted = true;
  open();
}

export function disconnect(): void {
  wanted = false;
  looking++;
  heard();
  socket?.close();
  socket = null;
  state.value = null;
  stream = "";
}

/** Do an act on the server; resolves with its result. */
export function act<T = unknown>(name: string, args: Record<string, unknown> = {}): Promise<T> {
  if (socket?.readyState !== WebSocket.OPEN)
    return Promise.reject(new Error(_("Not connected to the hotline. The act was not done.")));
  const id = `a${++acts}`;
  socket.send(JSON.stringify({ type: "act", id, act: name, args }));
  return new Promise<T>((resolve, reject) => {
    const late = setTimeout(() => fail(id, _("The hotline did not answer in time.")), ACT_DEADLINE_MS);
    waiting.set(id, {
      resolve: (result) => (clearTimeout(late), resolve(result as T)),
      reject: (error) => (clearTimeout(late), reject(error)),
    });
  });
}

function fail(id: string, reason: string): void {
  waiting.get(id)?.reject(new Error(reason));
  waiting.delete(id);
}

function open(): void {
  looking++;
  const resume = stream ? `&stream=${encodeURIComponent(stream)}&last=${last}` : "";
  const own = `&page=${PAGE}${hasPhone ? "&phone=1" : ""}`;
  const opened = new WebSocket(`/api/v1/live?language=${language.value}${own}${resume}`);
  socket = opened;
  awaitWord(OPENS_MS);
  opened.onopen = () => opened === socket && hello(); // nothing else comes if nothing has changed
  opened.onmessage = (event: MessageEvent<string>) => opened === socket && take(JSON.parse(event.data) as FromServer);
  opened.onclose = (event) => opened === socket && closed(event.code);
}

function closed(code: number): void {
  socket = null;
  heard();
  for (const id of [...waiting.keys()]) fail(id, _("The connection was lost before the hotline answered."));
  if (!wanted) return;
  if (code === SIGNED_OUT) return onSignedOut();
  connection.value = "lost";
  void lookForServer();
}

/** Connect as soon as the server answers a request, because a browser delays new WebSockets after many that failed. */
async function lookForServer(): Promise<void> {
  const own = ++looking;
  while (own === looking) {
    await new Promise((resolve) => setTimeout(resolve, lookedAt + LOOK_EVERY_MS - performance.now()));
    if (own !== looking) return;
    lookedAt = performance.now();
    if ((await answers()) && own === looking) return open();
  }
}

async function answers(): Promise<boolean> {
  try {
    await fetch("/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(LOOK_DEADLINE_MS) });
    return true;
  } catch {
    return false;
  }
}

function take(message: FromServer): void {
  heard();
  switch (message.type) {
    case "snapshot":
      stream = message.stream;
      last = message.number;
      state.value = message.state;
      setServerTime(message.at);
      break;
    case "change":
      last = message.number;
      if (state.value) state.value = changed(state.value, message);
      setServerTime(message.at);
      break;
    case "answer": {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) asked?.resolve(message.result);
      else asked?.reject(new Refused(message.error));
      break;
    }
    case "notice":
      notices.value = [...notices.value, { from: "", text: "", ...message }];
      break;
    case "hello":
      roundTripMs.value = Math.round(performance.now() - helloAt);
      setServerTime(message.at);
      break;
    default:
      message satisfies never; // a newer server may send more
  }
  connection.value = "connected";
}

/** Apply a change: each named object is replaced whole. */
export function changed(before: State, change: Extract<FromServer, { type: "change" }>): State {
  const after = { ...before } as Record<string, unknown>;
  for (const [part, value] of Object.entries(change.set ?? {})) {
    const keyed = part === "seats" || part === "queues" || part === "calls" || part === "callbacks" || part === "alarms";
    after[part] = keyed ? { ...(after[part] as object), ...(value as object) } : value;
  }
  for (const [part, keys] of Object.entries(change.gone ?? {})) {
    const rest = { ...(after[part] as Record<string, unknown>) };
    for (const key of keys) delete rest[key];
    after[part] = rest;
  }
  return after as unknown as State;
}

function again(): void {
  if (!wanted) return;
  socket?.close();
  pathsLost.value++;
  closed(0);
}

function hello(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  helloAt = performance.now();
  socket.send(JSON.stringify({ type: "hello" }));
  if (silence === undefined) awaitWord(SILENT_MS);
}

/** Ask at once whether this connection still works, because the sound of a call has stopped. */
export function doubt(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  hello();
  awaitWord(DOUBTED_MS);
}

function awaitWord(ms: number): void {
  heard();
  silence = setTimeout(again, ms);
}

function heard(): void {
  clearTimeout(silence);
  silence = undefined;
}

setInterval(hello, HELLO_EVERY_MS);

// The server's messages come in the language that the connection names.
let spoken = language.peek();
language.subscribe((now) => {
  if (now !== spoken && socket) {
    const before = socket;
    open();
    before.close(); // no change is lost, because the new connection is there already
  }
  spoken = now;
});

// A machine that slept, or that changed its network, notices a dead connection late.
addEventListener("online", again);
document.addEventListener("visibilitychange", () => {
  if (wanted && !document.hidden && !socket) void lookForServer();
});
