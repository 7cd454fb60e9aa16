// Calls an emergency service after one click and one confirmation.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { doAct } from "../parts/toasts";
import { _, type Text } from "../texts";

const SERVICES: Record<string, Text> = {
  "110": "Police",
  "119": "Fire",
  "120": "Ambulance",
  "122": "Traffic accidents",
};

export function EmergencyDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const [number, setNumber] = useState("");
  const call = async (): Promise<void> => {
    onClose();
    await doAct("call.emergency", { number });
  };
  return (
    <Dialog title={_("Emergency services")} onClose={onClose}>
      {number ? (
        <>
          <p class="confirm">{_("Call {number} into this call now?", { number: `${number} ${name(number)}` })}</p>
          <div class="acts">
            <Button onPress={call} look="danger">
              {_("Call {number}", { number })}
            </Button>
            <Button onPress={onClose}>{_("Cancel")}</Button>
          </div>
        </>
      ) : (
        <div class="acts big">
          {Object.keys(SERVICES).map((service) => (
            <Button key={service} onPress={() => setNumber(service)} look="danger">
              <span class="number">{service}</span> {name(service)}
            </Button>
          ))}
          <Button onPress={onClose}>{_("Cancel")}</Button>
        </div>
      )}
    </Dialog>
  );
}

function name(service: string): string {
  const text = SERVICES[service];
  return text ? _(text) : "";
}
