// A test call (试拨): the page calls the hotline as a citizen would, so that an admin can try a hotline without a phone.

import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { KEYS } from "../agent/key_pad";
import { act } from "../live";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { tellError } from "../parts/toasts";
import type { PhoneAccount } from "../protocol";
import { me } from "../session";
import { _ } from "../texts";
import { media } from "./media";
import { SipSocket } from "./sip_socket";

type Stage = "idle" | "dialling" | "talking" | "over";

export function TestCall({ onClose }: { onClose: () => void }): JSX.Element {
  const [stage, setStage] = useState<Stage>("idle");
  const [number, setNumber] = useState(me.value?.hotline ?? "12345");
  const agent = useRef<JsSIP.UA | null>(null);
  const leg = useRef<RTCSession | null>(null);
  useEffect(() => () => agent.current?.stop(), []);

  const dial = async (): Promise<void> => {
    try {
      const account = await act<PhoneAccount>("phone.account", { for: "test-call" });
      agent.current?.stop();
      agent.current = new JsSIP.UA({
        sockets: [new SipSocket(account)],
        uri: account.uri,
        authorization_user: account.user,
        password: account.password,
        register: false,
        session_timers: false,
      });
      agent.current.on("connected", () => call(number));
      agent.current.start();
      setStage("dialling");
    } catch (error) {
      tellError(error);
    }
  };
  const call = (dialled: string): void => {
    leg.current = agent.current?.call(dialled, { ...media(), eventHandlers: handlers }) ?? null;
    leg.current?.connection.addEventListener("track", (event) => {
      const player = new Audio();
      player.autoplay = true;
      player.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    });
  };
  const handlers = {
    confirmed: () => setStage("talking"),
    ended: () => setStage("over"),
    failed: () => setStage("over"),
  };
  const press = (key: string): void =>
    leg.current?.sendDTMF(key, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833 });

  return (
    <Dialog title={_("Test call")} onClose={onClose} modal={false}>
      <p>{_("The page calls a number as a citizen would. This page, another one, or a phone can answer.")}</p>
      <label class="field">
        {_("Number to dial")}
        <input value={number} inputMode="numeric" onInput={(event) => setNumber(event.currentTarget.value)} />
      </label>
      <p role="status">{stageText(stage)}</p>
      {stage === "talking" && (
        <div class="key-pad" role="group" aria-label={_("Keys")}>
          {[...KEYS].map((key) => (
            <button key={key} type="button" onClick={() => press(key)}>
              {key}
            </button>
          ))}
        </div>
      )}
      <div class="acts">
        {stage === "dialling" || stage === "talking" ? (
          <Button onPress={() => leg.current?.terminate()} look="danger">
            {_("Hang up")}
          </Button>
        ) : (
          <Button onPress={dial} look="main">
            {_("Dial")}
          </Button>
        )}
        <Button onPress={onClose}>{_("Close")}</Button>
      </div>
    </Dialog>
  );
}

function stageText(stage: Stage): string {
  switch (stage) {
    case "idle":
      return "";
    case "dialling":
      return _("Dialling …");
    case "talking":
      return _("The hotline has answered");
    case "over":
      return _("The call is over");
  }
}
