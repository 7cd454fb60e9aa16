// The WebSocket of the phone in the page. It is made when the page's own connection to the hotline is there, because a browser
// delays new WebSockets of a page after many that failed.

import { effect } from "@preact/signals";
import JsSIP from "jssip";
import { connection, pathsLost } from "../live";
import type { PhoneAccount } from "../protocol";

export const WAY_LOST = 4000; // code of a disconnection: the page noticed it, and connects anew

/** SIP goes through the server that the page came from, so that the browser trusts one certificate at one port. */
export class SipSocket extends JsSIP.WebSocketInterface {
  #stop: () => void = () => undefined;

  constructor(account: PhoneAccount) {
    super(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${account.ws}`);
  }

  override connect(): void {
    this.#stop();
    const lost = pathsLost.peek();
    let begun = false;
    this.#stop = effect(() => {
      if (!begun && connection.value === "connected") {
        begun = true;
        super.connect();
      }
      if (pathsLost.value !== lost && begun) this.#lose();
    });
  }

  override disconnect(): void {
    this.#stop();
    super.disconnect();
  }

  /** TCP notices minutes later that the way to the server is gone. */
  #lose(): void {
    this.disconnect();
    queueMicrotask(() => this.ondisconnect(true, WAY_LOST)); // JsSIP connects again; not within the effect
  }
}
