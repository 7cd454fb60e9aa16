// What every call of the page takes: the way to the hotline, and the sound.

import JsSIP from "jssip";
import type { PhoneAccount } from "../protocol";
import { microphone, noiseSuppression } from "../settings";

/** SIP goes through the server that the page came from, so that the browser trusts one certificate at one port. */
export function sipSocket(account: PhoneAccount): JsSIP.WebSocketInterface {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new JsSIP.WebSocketInterface(`${scheme}://${location.host}${account.ws}`);
}

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
