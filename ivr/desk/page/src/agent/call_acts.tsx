// The agent's acts in the call in progress.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../parts/button";
import { doAct } from "../parts/toasts";
import { legState, mute, muted } from "../phone/page_phone";
import type { Call } from "../protocol";
import { _ } from "../texts";
import { ConsultDialog } from "./consult_dialog";
import { EmergencyDialog } from "./emergency_dialog";
import { KeyPad } from "./key_pad";
import { others } from "./my_call";
import { WorkOrderDialog } from "./work_order_dialog";

type Open = "consult" | "guide" | "emergency" | "keys" | "work-order";
const open = signal<Open | null>(null);
const close = (): void => {
  open.value = null;
};

export function CallActs({ call }: { call: Call }): JSX.Element {
  const consulted = others(call).some((party) => party.state !== "gone");
  const held = call.stage === "held";
  const inPage = legState.value === "talking";
  return (
    <>
      <div class="acts" role="group" aria-label={_("The call")}>
        {!consulted && (
          <Button onPress={() => doAct(held ? "call.resume" : "call.hold")} hotkey="F4" pressed={held}>
            {held ? _("Resume") : _("Hold")}
          </Button>
        )}
        {inPage && (
          <Button onPress={() => mute(!muted.value)} hotkey="F8" pressed={muted.value}>
            {muted.value ? _("Unmute") : _("Mute")}
          </Button>
        )}
        {!consulted && (
          <Button onPress={() => (open.value = "consult")} hotkey="F6">
            {_("Consult")}
          </Button>
        )}
        {!consulted && <Button onPress={() => (open.value = "guide")}>{_("Expert's guidance")}</Button>}
        <Button onPress={() => (open.value = "keys")}>{_("Keys")}</Button>
        {call.recording !== "off" && <Recording call={call} />}
        <Button onPress={() => (open.value = "work-order")} hotkey="F9">
          {_("Work order")}
        </Button>
        {!consulted && (
          <Button onPress={() => (open.value = "emergency")} look="danger">
            {_("Emergency services")}
          </Button>
        )}
        <Button onPress={() => doAct("call.hang-up")} look="danger" hotkey="F10">
          {_("Hang up")}
        </Button>
      </div>
      {consulted && <ConsultActs call={call} />}
      {open.value === "consult" && <ConsultDialog onClose={close} />}
      {open.value === "guide" && <ConsultDialog onClose={close} expertsFor={call.line} />}
      {open.value === "emergency" && <EmergencyDialog onClose={close} />}
      {open.value === "keys" && <KeyPad onClose={close} />}
      {open.value === "work-order" && <WorkOrderDialog call={call} onClose={close} />}
    </>
  );
}

function ConsultActs({ call }: { call: Call }): JSX.Element {
  if (call.stage === "three-way")
    return (
      <div class="acts consult" role="group" aria-label={_("Three-way call")}>
        <Button onPress={() => doAct("call.take-out")}>{_("Take the party out")}</Button>
        <Button onPress={() => doAct("call.leave")}>{_("Leave both parties connected")}</Button>
      </div>
    );
  return (
    <div class="acts consult" role="group" aria-label={_("Consult")}>
      <Button onPress={() => doAct("call.three-way")} look="main" hotkey="F6">
        {_("All three together")}
      </Button>
      <Button onPress={() => doAct("call.back")} hotkey="F7">
        {_("Back to the citizen")}
      </Button>
      <Button onPress={() => doAct("call.swap")}>{_("Talk to the other party")}</Button>
      <Button onPress={() => doAct("call.leave")}>{_("Leave both parties connected")}</Button>
    </div>
  );
}

function Recording({ call }: { call: Call }): JSX.Element {
  const paused = call.recording === "paused";
  return (
    <Button onPress={() => doAct(paused ? "call.resume-recording" : "call.pause-recording")} pressed={paused}>
      {paused ? _("Go on recording") : _("Pause the recording")}
    </Button>
  );
}
