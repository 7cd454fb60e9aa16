// A message to one seat or to all seats.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { state } from "../live";
import { Button } from "../parts/button";
import { doAct, tell } from "../parts/toasts";
import { may } from "../session";
import { _ } from "../texts";

export function TeamMessage(): JSX.Element {
  const [to, setTo] = useState("all");
  const [text, setText] = useState("");
  if (!may.value.has("team.message")) return <></>;
  const send = async (): Promise<void> => {
    if ((await doAct("team.message", { text, seats: to === "all" ? "all" : [to] })) === null) return;
    tell("done", _("The message was sent"), text);
    setText("");
  };
  return (
    <section class="panel" aria-labelledby="message">
      <h2 id="message">{_("Message to the agents")}</h2>
      <label class="field">
        {_("To")}
        <select value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="all">{_("everybody")}</option>
          {Object.values(state.value?.seats ?? {})
            .filter((seat) => seat.state !== "offline" || seat.web_phone === "online")
            .map((seat) => (
              <option key={seat.seat} value={seat.seat}>
                {seat.seat} {seat.person ?? seat.name}
              </option>
            ))}
        </select>
      </label>
      <label class="field">
        {_("Text")}
        <textarea rows={2} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <Button onPress={send} disabled={!text.trim()} look="main">
        {_("Send")}
      </Button>
    </section>
  );
}
