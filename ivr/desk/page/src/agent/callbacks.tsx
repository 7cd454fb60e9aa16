// Citizens whose calls were missed and whom agents have to call back (漏接电话回拨).

import type { JSX } from "preact";
import { clockTime } from "../clock";
import { state } from "../live";
import { Button } from "../parts/button";
import { doAct } from "../parts/toasts";
import { expectCall } from "../phone/page_phone";
import type { Callback } from "../protocol";
import { may } from "../session";
import { _ } from "../texts";

export function Callbacks(): JSX.Element {
  const callbacks = Object.values(state.value?.callbacks ?? {}).sort((first, second) => first.since.localeCompare(second.since));
  if (callbacks.length === 0) return <p class="quiet">{_("No callbacks are due.")}</p>;
  return (
    <ul class="records" aria-label={_("Callbacks")}>
      {callbacks.map((callback) => (
        <Row key={callback.call_id} callback={callback} />
      ))}
    </ul>
  );
}

function callBack(callback: Callback): unknown {
  expectCall();
  return doAct("callback.ring", { call_id: callback.call_id });
}

function Row({ callback }: { callback: Callback }): JSX.Element {
  return (
    <li>
      <p>
        <time dateTime={callback.since}>{clockTime(callback.since)}</time>{" "}
        <strong class="number">{callback.caller}</strong> → <span class="number">{callback.number}</span> {callback.name}
      </p>
      <p class="quiet">
        {callback.asked ? _("Asked to be called back") : _("Was missed")} · {_("Tried: {count}", { count: callback.tries })}
        {callback.state === "ringing" && ` · ${_("An agent is calling back")}`}
      </p>
      <div class="acts">
        {callback.state === "due" && may.value.has("callback.ring") && (
          <Button onPress={() => callBack(callback)} look="main">
            {_("Call back")}
          </Button>
        )}
      </div>
    </li>
  );
}
