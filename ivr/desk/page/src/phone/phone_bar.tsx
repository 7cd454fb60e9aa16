// The agent's phone, which is the page phone or a phone of the agent's own: its state, devices and sound quality.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { mySeat } from "../agent/my_call";
import { Button } from "../parts/button";
import { phoneChoice } from "../settings";
import { _, type Text } from "../texts";
import { DevicesDialog } from "./devices_dialog";
import { microphoneRefused, phoneState, type PhoneState } from "./page_phone";
import { quality } from "./quality";
import { TestCall } from "./test_call";
import { takePhone } from "./use_phone";

const STATE: Record<PhoneState, Text> = {
  off: "off",
  elsewhere: "in another tab or browser",
  connecting: "connecting …",
  registered: "online",
  failed: "refused",
};
const open = signal<"devices" | "test" | null>(null);

export function PhoneBar(): JSX.Element {
  const inPage = phoneChoice.value === "page";
  const online = inPage ? phoneState.value === "registered" : mySeat.value?.phone === "online";
  return (
    <div class="phone-bar" role="group" aria-label={_("Phone")}>
      <label>
        {_("Phone")}{" "}
        <select
          value={phoneChoice.value}
          disabled={(mySeat.value?.signed_in_groups.length ?? 0) > 0}
          onChange={(event) => (phoneChoice.value = event.currentTarget.value === "own" ? "own" : "page")}
        >
          <option value="page">{_("in this page")}</option>
          <option value="own">{_("my own phone")}</option>
        </select>
      </label>
      <span class={`state ${online ? "ready" : "offline"}`} role="status">
        {inPage ? _(STATE[phoneState.value]) : online ? _("online") : _("offline")}
      </span>
      {microphoneRefused.value && (
        <span class="mark emergency" role="alert">
          {_("The browser gives no microphone. Allow it for this page.")}
        </span>
      )}
      {quality.value && (
        <span class="quiet">
          {_("Loss {loss} %, jitter {jitter} ms, round trip {trip} ms", {
            loss: quality.value.lossPercent,
            jitter: quality.value.jitterMs,
            trip: quality.value.roundTripMs,
          })}
        </span>
      )}
      {inPage && phoneState.value === "elsewhere" && (
        <Button onPress={takePhone} look="main">
          {_("Use the phone here")}
        </Button>
      )}
      {inPage && <Button onPress={() => (open.value = "devices")}>{_("Headset")}</Button>}
      <Button onPress={() => (open.value = "test")}>{_("Test call")}</Button>
      {open.value === "devices" && <DevicesDialog onClose={() => (open.value = null)} />}
      {open.value === "test" && <TestCall onClose={() => (open.value = null)} />}
    </div>
  );
}
