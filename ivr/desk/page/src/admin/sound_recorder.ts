// Records with the microphone that the settings of this browser name.

import { microphone } from "../settings";

export interface SoundRecorder {
  stop(): Promise<Blob>;
}

export async function record(): Promise<SoundRecorder> {
  const device = microphone.value ? { deviceId: microphone.value } : {};
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...device, channelCount: 1 } });
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const ended = new Promise<Blob>((resolve) => {
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      resolve(new Blob(pieces, { type: recorder.mimeType }));
    });
  });
  recorder.start();
  return {
    stop: () => {
      if (recorder.state !== "inactive") recorder.stop();
      return ended;
    },
  };
}
