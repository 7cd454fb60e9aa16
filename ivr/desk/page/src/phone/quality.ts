// How well a call is heard, while it lasts: from the browser's own statistics of the connection (W3C webrtc-stats).

import { signal } from "@preact/signals";
import { current } from "../agent/my_call";
import { act } from "../live";

const EVERY_MS = 2000;

export interface Quality {
  lossPercent: number; // of the packets that came in the last two seconds
  jitterMs: number;
  roundTripMs: number;
}

const TOLD_EVERY = 10; // measurements

export const quality = signal<Quality | null>(null);

interface Counters {
  lost: number;
  received: number;
}

/** Measure until the returned function is called. */
export function watchQuality(connection: RTCPeerConnection): () => void {
  let before: Counters = { lost: 0, received: 0 };
  const untold: Quality[] = [];
  let call = "";
  const tell = (): void => {
    const those = untold.splice(0);
    const average = (of: (one: Quality) => number): number =>
      those.reduce((sum, one) => sum + of(one), 0) / those.length;
    if (call && those.length > 0)
      act("call.quality", {
        call_id: call,
        seconds: (those.length * EVERY_MS) / 1000,
        loss_percent: average((one) => one.lossPercent),
        jitter_ms: average((one) => one.jitterMs),
        round_trip_ms: average((one) => one.roundTripMs),
      }).catch(() => undefined); // no agent can do anything about it
  };
  const timer = setInterval(async () => {
    const report = [...(await connection.getStats()).values()] as Record<string, number | string>[];
    const incoming = report.find((one) => one["type"] === "inbound-rtp");
    const pair = report.find((one) => one["type"] === "candidate-pair" && one["state"] === "succeeded");
    if (!incoming) return;
    const counters = { lost: Number(incoming["packetsLost"]), received: Number(incoming["packetsReceived"]) };
    const [lost, received] = [counters.lost - before.lost, counters.received - before.received];
    before = counters;
    quality.value = {
      lossPercent: lost + received > 0 ? Math.max(0, Math.round((100 * lost) / (lost + received))) : 0,
      jitterMs: Math.round(Number(incoming["jitter"] ?? 0) * 1000),
      roundTripMs: Math.round(Number(pair?.["currentRoundTripTime"] ?? 0) * 1000),
    };
    if (call !== current.peek()?.call_id) tell();
    call = current.peek()?.call_id ?? "";
    if (untold.push(quality.value) >= TOLD_EVERY) tell();
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    tell();
    quality.value = null;
  };
}
