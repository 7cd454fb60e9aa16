// The phone in the page: one SIP account over the WebSocket of the server that the page came from, one call at a time.

import { signal } from "@preact/signals";
import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, RTCSessionEvent } from "jssip/lib/UA";
import { act, doubt, setHasPhone } from "../live";
import type { PhoneAccount } from "../protocol";
import { speaker } from "../settings";
import { media } from "./media";
import { watchQuality } from "./quality";
import { PATH_LOST, SipSocket } from "./sip_socket";
import { watchFlow } from "./sound_flow";

export type PhoneState = "off" | "elsewhere" | "connecting" | "registered" | "failed";
export type LegState = "none" | "ringing" | "dialling" | "talking";

export const phoneState = signal<PhoneState>("off");
export const legState = signal<LegState>("none");
export const muted = signal(false);
export const microphoneRefused = signal(false);
export const soundLost = signal(false); // whether the path of the sound was lost and did not come back

const NO_SOUND_MS = 3000; // without a path for the sound; shorter interruptions end by themselves
const RETRY_MS = 3000; // after a registration that failed

const RETURNS = "X-Hotline-Return"; // header of an INVITE that puts this page back into its call
const EXPECT_CALL_MS = 10_000;
const AUDIO = document.body.appendChild(new Audio());
AUDIO.autoplay = true;

let agent: JsSIP.UA | null = null;
let session: RTCSession | null = null;
let expectedUntil = 0;
let stopWatching: () => void = () => undefined;

/** Start the phone; `byForce` takes it from another page of the seat. */
export async function start(byForce: boolean): Promise<void> {
  if (agent) return;
  phoneState.value = "connecting";
  const account = await act<PhoneAccount>("phone.account", { take: byForce });
  setHasPhone(true);
  agent = new JsSIP.UA({
    sockets: [new SipSocket(account)],
    uri: account.uri,
    authorization_user: account.user,
    password: account.password,
    register_expires: 60,
    session_timers: false, // Asterisk asks for the refreshes; JsSIP answers them
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 1,
    user_agent: "hotline desk",
  });
  agent.on("registered", registered);
  agent.on("unregistered", () => (phoneState.value = "connecting"));
  agent.on("disconnected", ({ code }) => {
    phoneState.value = "connecting";
    if (code === PATH_LOST && agent) connectNow(agent);
  });
  agent.on("registrationFailed", registrationFailed);
  agent.on("newRTCSession", (event: RTCSessionEvent) => {
    if (event.originator === "remote") take(event as IncomingRTCSessionEvent);
  });
  agent.start();
}

/** JsSIP itself would wait a second. `SipSocket` connects when the page's own connection is up. */
function connectNow(phone: JsSIP.UA): void {
  (phone as unknown as { transport: { connect(): void } }).transport.connect();
}

function registered(): void {
  // If the path to this page has changed, Asterisk learns the new path from a target refresh request (RFC 3261, 12.2).
  if (phoneState.value === "connecting" && session?.isEstablished()) refreshTarget(session);
  phoneState.value = "registered";
}

/** An UPDATE without SDP (RFC 3311). JsSIP's `renegotiate` sends SDP, too, and ends the call if Asterisk refuses it. */
function refreshTarget(leg: RTCSession): void {
  const sender = leg as unknown as { sendRequest(method: string, options: { extraHeaders: string[] }): void };
  sender.sendRequest(JsSIP.C.UPDATE, { extraHeaders: [`Contact: ${leg.contact}`] });
}

function registrationFailed(): void {
  phoneState.value = "failed";
  const failed = agent;
  setTimeout(() => failed === agent && failed?.isConnected() && !failed.isRegistered() && failed.register(), RETRY_MS);
}

export function stop(): void {
  agent?.stop();
  agent = null;
  setHasPhone(false);
  phoneState.value = "off";
}

/** Answer the next call without a press, because this page asked for it. */
export function expectCall(): void {
  expectedUntil = Date.now() + EXPECT_CALL_MS;
}

export function answer(): void {
  session?.answer(media());
}

export function hangUp(): void {
  session?.terminate();
}

export function mute(on: boolean): void {
  if (on) session?.mute({ audio: true });
  else session?.unmute({ audio: true });
  muted.value = on;
}

export function sendKey(key: string): void {
  session?.sendDTMF(key, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833 });
}

function take(event: IncomingRTCSessionEvent): void {
  const returns = event.request.hasHeader(RETURNS);
  if (session && returns) legEnded(session); // the sound of the earlier leg is lost; the hotline ends that leg when the new leg is in the call
  if (session) {
    event.session.terminate({ status_code: 486 });
    return;
  }
  follow(event.session);
  const expected = returns || Date.now() < expectedUntil;
  expectedUntil = 0;
  if (expected) event.session.answer(media());
  else legState.value = "ringing";
}

function follow(leg: RTCSession): void {
  session = leg;
  leg.on("peerconnection", ({ peerconnection }: { peerconnection: RTCPeerConnection }) => {
    peerconnection.addEventListener("track", (event) => play(event.streams[0] ?? new MediaStream([event.track])));
    const watches = [watchQuality(peerconnection), watchFlow(peerconnection, doubt)];
    stopWatching = () => watches.forEach((stop) => stop());
    peerconnection.addEventListener("iceconnectionstatechange", () => watchSound(leg));
  });
  leg.on("confirmed", () => (legState.value = "talking"));
  leg.on("ended", () => legEnded(leg));
  leg.on("failed", () => legEnded(leg));
  leg.on("getusermediafailed", () => (microphoneRefused.value = true));
}

// If the sound is lost, as after a change of the computer's address, the page drops the leg without a BYE, and the hotline
// rings the page again.
function watchSound(leg: RTCSession): void {
  const hasNoSound = (): boolean => ["disconnected", "failed"].includes(leg.connection.iceConnectionState);
  if (hasNoSound())
    setTimeout(() => {
      if (!hasNoSound() || session !== leg) return;
      legEnded(leg);
      soundLost.value = true;
    }, NO_SOUND_MS);
}

function legEnded(leg: RTCSession): void {
  if (session !== leg) return; // the leg was dropped before
  session = null;
  legState.value = "none";
  muted.value = false;
  AUDIO.srcObject = null;
  stopWatching();
}

function play(stream: MediaStream): void {
  AUDIO.srcObject = stream;
  if (speaker.value) void AUDIO.setSinkId(speaker.value).catch(() => undefined); // the device was unplugged
}
