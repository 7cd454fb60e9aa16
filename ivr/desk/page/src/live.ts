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
const SILENT_WITHOUT_SOUND_MS = 900; // the same, if the sound of a call stopped, too
const OPEN_DEADLINE_MS = 8000;
const SEARCH_EVERY_MS = 500; // while the connection is lost
const SEARCH_DEADLINE_MS = 1500;
const ACT_DEADLINE_MS = 15_000;
const SIGNED_OUT = 4401;
const PAGE = crypto.randomUUID(); // by which the server knows a new connection of this page

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
export function setHasPhone(here: boolean): void {
  hasPhone = here;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

let socket: WebSocket | null = null;
let stream = "";
let last = 0;
let searchNumber = 0; // number of the present search for the server
let searchedAt = -Infinity;
let acts = 0;
let helloAt = 0;
let silenceTimer: ReturnType<typeof setTimeout> | undefined;
let stayConnected = false;
let onSignedOut: () => void = () => {};
const waiting = new Map<string, Waiting>();

/** Connect, and stay connected until `disconnect`; `signedOut` is called if the session has ended. */
export function connect(signedOut: () => void): void {
  onSignedOut = signedOut;
  stayConnected = true;
  open();
}

export function disconnect(): void {
  stayConnected = false;
  searchNumber++;
  stopExpecting();
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
  searchNumber++;
  const resume = stream ? `&stream=${encodeURIComponent(stream)}&last=${last}` : "";
  const own = `&page=${PAGE}${hasPhone ? "&phone=1" : ""}`;
  const opened = new WebSocket(`/api/v1/live?language=${language.value}${own}${resume}`);
  socket = opened;
  expectMessage(OPEN_DEADLINE_MS);
  opened.onopen = () => opened === socket && hello(); // because no other message comes if nothing has changed
  opened.onmessage = (event: MessageEvent<string>) => opened === socket && take(JSON.parse(event.data) as FromServer);
  opened.onclose = (event) => opened === socket && closed(event.code);
}

function closed(code: number): void {
  socket = null;
  stopExpecting();
  for (const id of [...waiting.keys()]) fail(id, _("The connection was lost before the hotline answered."));
  if (!stayConnected) return;
  if (code === SIGNED_OUT) return onSignedOut();
  connection.value = "lost";
  void searchServer();
}

/** Connect as soon as the server answers a request, because a browser delays new WebSockets after many that failed. */
async function searchServer(): Promise<void> {
  const own = ++searchNumber;
  while (own === searchNumber) {
    await new Promise((resolve) => setTimeout(resolve, searchedAt + SEARCH_EVERY_MS - performance.now()));
    if (own !== searchNumber) return;
    searchedAt = performance.now();
    if ((await serverAnswers()) && own === searchNumber) return open();
  }
}

async function serverAnswers(): Promise<boolean> {
  try {
    await fetch("/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(SEARCH_DEADLINE_MS) });
    return true;
  } catch {
    return false;
  }
}

function take(message: FromServer): void {
  stopExpecting();
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
      const waitingAct = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) waitingAct?.resolve(message.result);
      else waitingAct?.reject(new Refused(message.error));
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
export function changed(earlier: State, change: Extract<FromServer, { type: "change" }>): State {
  const result = { ...earlier } as Record<string, unknown>;
  for (const [part, value] of Object.entries(change.set ?? {})) {
    const keyed = part === "seats" || part === "queues" || part === "calls" || part === "callbacks" || part === "alarms";
    result[part] = keyed ? { ...(result[part] as object), ...(value as object) } : value;
  }
  for (const [part, keys] of Object.entries(change.gone ?? {})) {
    const rest = { ...(result[part] as Record<string, unknown>) };
    for (const key of keys) delete rest[key];
    result[part] = rest;
  }
  return result as unknown as State;
}

function connectAgain(): void {
  if (!stayConnected) return;
  socket?.close();
  pathsLost.value++;
  closed(0);
}

function hello(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  helloAt = performance.now();
  socket.send(JSON.stringify({ type: "hello" }));
  if (silenceTimer === undefined) expectMessage(SILENT_MS);
}

/** Ask at once whether this connection still works; called when the sound of a call has stopped. */
export function doubt(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  hello();
  expectMessage(SILENT_WITHOUT_SOUND_MS);
}

function expectMessage(ms: number): void {
  stopExpecting();
  silenceTimer = setTimeout(connectAgain, ms);
}

function stopExpecting(): void {
  clearTimeout(silenceTimer);
  silenceTimer = undefined;
}

setInterval(hello, HELLO_EVERY_MS);

// The server's messages come in the language that the connection names.
let usedLanguage = language.peek();
language.subscribe((now) => {
  if (now !== usedLanguage && socket) {
    const earlier = socket;
    open();
    earlier.close(); // no change is lost, because the new connection is there already
  }
  usedLanguage = now;
});

// A machine that slept, or that changed its network, notices a dead connection late.
addEventListener("online", connectAgain);
document.addEventListener("visibilitychange", () => {
  if (stayConnected && !document.hidden && !socket) void searchServer();
});
