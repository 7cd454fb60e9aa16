// The choice of microphone, headset, and the device on which a call rings, with the level of the microphone.

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog";
import { microphone, noiseSuppression, ringSpeaker, speaker } from "../settings";
import { _ } from "../texts";
import { watchLevel } from "./level";

export function DevicesDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [level, setLevel] = useState(0);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const measuring = watchLevel(microphone.value, setLevel);
    measuring.then(
      async () => setDevices(await navigator.mediaDevices.enumerateDevices()),
      () => setProblem(_("The browser gives no microphone. Allow it for this page.")),
    );
    return () => void measuring.then((end) => end()).catch(() => undefined);
  }, [microphone.value]);
  return (
    <Dialog title={_("Headset")} onClose={onClose}>
      {problem && (
        <p class="mark emergency" role="alert">
          {problem}
        </p>
      )}
      <Choice title={_("Microphone")} kind="audioinput" devices={devices} chosen={microphone} />
      <label class="field">
        {_("Level: speak, and see it move")}
        <meter min={0} max={1} low={0.05} value={level} />
      </label>
      <Choice title={_("Headset or loudspeaker")} kind="audiooutput" devices={devices} chosen={speaker} />
      <Choice title={_("A call rings on")} kind="audiooutput" devices={devices} chosen={ringSpeaker} />
      <label class="choice">
        <input
          type="checkbox"
          checked={noiseSuppression.value === "on"}
          onChange={(event) => (noiseSuppression.value = event.currentTarget.checked ? "on" : "off")}
        />
        {_("Suppress noise and level my voice")}
      </label>
      <form method="dialog" class="acts">
        <button>{_("Close")}</button>
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  title: string;
  kind: MediaDeviceKind;
  devices: MediaDeviceInfo[];
  chosen: Signal<string>;
}

function Choice({ title, kind, devices, chosen }: ChoiceProps): JSX.Element {
  return (
    <label class="field">
      {title}
      <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
        <option value="">{_("the system's own choice")}</option>
        {devices
          .filter((device) => device.kind === kind && device.deviceId && device.deviceId !== "default")
          .map((device) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label}
            </option>
          ))}
      </select>
    </label>
  );
}
