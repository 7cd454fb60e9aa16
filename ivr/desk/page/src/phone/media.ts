// The sound of every call of the page.

import { microphone, noiseSuppression } from "../settings";

/** In a LAN no STUN server is asked: gathering would wait for one that nobody can reach. */
export function media(): { mediaConstraints: MediaStreamConstraints; pcConfig: RTCConfiguration } {
  const quiet = noiseSuppression.value === "on";
  const device = microphone.value ? { deviceId: { ideal: microphone.value } } : {};
  return {
    mediaConstraints: {
      audio: { echoCancellation: true, noiseSuppression: quiet, autoGainControl: quiet, ...device },
      video: false,
    },
    pcConfig: { iceServers: [] },
  };
}
