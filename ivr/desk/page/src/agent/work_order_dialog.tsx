// A work order for a unit (派发工单).

import type { JSX } from "preact";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { doAct, tell } from "../parts/toasts";
import type { Call } from "../protocol";
import { _ } from "../texts";

export function WorkOrderDialog({ call, onClose }: { call: Call; onClose: () => void }): JSX.Element {
  const make = async (): Promise<void> => {
    onClose();
    if (await doAct("call.work-order")) tell("done", _("A work order was made"), `${call.number} ${call.name}`);
  };
  return (
    <Dialog title={_("Work order")} onClose={onClose}>
      <p class="confirm">
        {_("Make a work order for the unit of the line that was consulted last, or of the line dialled?")}
      </p>
      <div class="acts">
        <Button onPress={make} look="main">
          {_("Make the work order")}
        </Button>
        <Button onPress={onClose}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
