// A work order for a unit (派发工单).

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { doAct, tell } from "../parts/toasts";
import type { Call } from "../protocol";
import { _ } from "../texts";

export function WorkOrderDialog({ call, onClose }: { call: Call; onClose: () => void }): JSX.Element {
  const [number, setNumber] = useState(call.number);
  const [text, setText] = useState("");
  const make = async (): Promise<void> => {
    const made = await doAct<{ work_order: string }>("call.work-order", { number, text });
    if (!made) return;
    tell("done", _("A work order was made"), made.work_order);
    onClose();
  };
  return (
    <Dialog title={_("Work order")} onClose={onClose}>
      <label class="field">
        {_("For the unit of the line")}
        <input value={number} inputMode="numeric" onInput={(event) => setNumber(event.currentTarget.value)} />
      </label>
      <label class="field">
        {_("What the citizen asks for")}
        <textarea rows={5} autofocus value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="acts">
        <Button onPress={make} look="main">
          {_("Make the work order")}
        </Button>
        <Button onPress={onClose}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
