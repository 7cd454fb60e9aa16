// The WebSocket of the page phone. It is opened when the page's own connection to the hotline is up, because a browser
// delays new WebSockets of a page after many failures.

import { effect } from "@preact/signals";
import JsSIP from "jssip";
import { connection, pathsLost } from "../live";
import type { PhoneAccount } from "../protocol";

export const PATH_LOST = 4000; // code of a disconnection that the page noticed; the page connects again at once

/** SIP goes through the server that the page came from, so that the browser trusts one certificate at one port. */
export class SipSocket extends JsSIP.WebSocketInterface {
  #stop: () => void = () => undefined;

  constructor(account: PhoneAccount) {
    super(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${account.ws}`);
  }

  override connect(): void {
    this.#stop();
    const lost = pathsLost.peek();
    let started = false;
    this.#stop = effect(() => {
      if (!started && connection.value === "connected") {
        started = true;
        super.connect();
      }
      if (pathsLost.value !== lost && started) this.#lose();
    });
  }

  override disconnect(): void {
    this.#stop();
    super.disconnect();
  }

  /** Disconnect and connect again, because TCP notices a lost path to the server only after minutes. */
  #lose(): void {
    this.disconnect();
    queueMicrotask(() => this.ondisconnect(true, PATH_LOST)); // JsSIP connects again; not within the effect
  }
}
