// The sound quality of the call in progress, from the browser's statistics of the connection (W3C webrtc-stats).

import { signal } from "@preact/signals";
import { current } from "../agent/my_call";
import { act } from "../live";

const EVERY_MS = 2000;

export interface Quality {
  lossPercent: number; // of the packets that came in the last two seconds
  jitterMs: number;
  roundTripMs: number;
}

const SENT_EVERY = 10; // measurements

export const quality = signal<Quality | null>(null);

interface Counters {
  lost: number;
  received: number;
}

/** Measure until the returned function is called. */
export function watchQuality(connection: RTCPeerConnection): () => void {
  let earlier: Counters = { lost: 0, received: 0 };
  const unsent: Quality[] = [];
  let call = "";
  const send = (): void => {
    const measured = unsent.splice(0);
    const average = (figure: (quality: Quality) => number): number =>
      measured.reduce((sum, quality) => sum + figure(quality), 0) / measured.length;
    if (call && measured.length > 0)
      act("call.quality", {
        call_id: call,
        seconds: (measured.length * EVERY_MS) / 1000,
        loss_percent: average((quality) => quality.lossPercent),
        jitter_ms: average((quality) => quality.jitterMs),
        round_trip_ms: average((quality) => quality.roundTripMs),
      }).catch(() => undefined); // the agent cannot help it, so the page shows no error
  };
  const timer = setInterval(async () => {
    const report = [...(await connection.getStats()).values()] as Record<string, number | string>[];
    const incoming = report.find((entry) => entry["type"] === "inbound-rtp");
    const pair = report.find((entry) => entry["type"] === "candidate-pair" && entry["state"] === "succeeded");
    if (!incoming) return;
    const counters = { lost: Number(incoming["packetsLost"]), received: Number(incoming["packetsReceived"]) };
    const [lost, received] = [counters.lost - earlier.lost, counters.received - earlier.received];
    earlier = counters;
    quality.value = {
      lossPercent: lost + received > 0 ? Math.max(0, Math.round((100 * lost) / (lost + received))) : 0,
      jitterMs: Math.round(Number(incoming["jitter"] ?? 0) * 1000),
      roundTripMs: Math.round(Number(pair?.["currentRoundTripTime"] ?? 0) * 1000),
    };
    if (call !== current.peek()?.call_id) send();
    call = current.peek()?.call_id ?? "";
    if (unsent.push(quality.value) >= SENT_EVERY) send();
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    send();
    quality.value = null;
  };
}
