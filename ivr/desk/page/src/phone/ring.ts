// The ringing of the page phone, made by the browser.

import { ringSpeaker } from "../settings";

const HERTZ = 450; // the ringing tone in China (GB 3380)
const GAIN = 0.25;
const EVERY_S = 3; // one second of sound, two of silence
const RINGS = 40; // that are scheduled at once

interface SinkContext extends AudioContext {
  setSinkId?: (id: string) => Promise<void>;
}

/** Ring until the returned function is called. */
export function startRinging(): () => void {
  const context: SinkContext = new AudioContext();
  if (ringSpeaker.value) void context.setSinkId?.(ringSpeaker.value).catch(() => undefined); // the device was unplugged
  const tone = new OscillatorNode(context, { frequency: HERTZ });
  const loudness = new GainNode(context, { gain: 0 });
  tone.connect(loudness).connect(context.destination);
  for (let ring = 0; ring < RINGS; ring++) {
    loudness.gain.setValueAtTime(GAIN, context.currentTime + ring * EVERY_S);
    loudness.gain.setValueAtTime(0, context.currentTime + ring * EVERY_S + 1);
  }
  tone.start();
  return () => void context.close();
}
