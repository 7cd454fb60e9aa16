// The sound of every call of the page.

import { microphone, noiseSuppression } from "../settings";

/** No STUN server is used, because in a LAN the gathering of candidates would wait for a server that cannot be reached. */
export function media(): { mediaConstraints: MediaStreamConstraints; pcConfig: RTCConfiguration } {
  const suppress = noiseSuppression.value === "on";
  const device = microphone.value ? { deviceId: { ideal: microphone.value } } : {};
  return {
    mediaConstraints: {
      audio: { echoCancellation: true, noiseSuppression: suppress, autoGainControl: suppress, ...device },
      video: false,
    },
    pcConfig: { iceServers: [] },
  };
}
