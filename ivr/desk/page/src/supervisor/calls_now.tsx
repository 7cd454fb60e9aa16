// Every call in progress, longest first. A supervisor can pull a waiting call to a seat.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { secondsSince, span } from "../clock";
import { state } from "../live";
import { Button } from "../parts/button";
import * as words from "../parts/state_words";
import { doAct } from "../parts/toasts";
import type { Call } from "../protocol";
import { may } from "../session";
import { _ } from "../texts";
import { NodeCell, NodeHeading } from "./nodes_now";

export function CallsNow(): JSX.Element {
  const calls = Object.values(state.value?.calls ?? {})
    .filter((call) => call.stage !== "ended")
    .sort((first, second) => first.since.localeCompare(second.since));
  return (
    <section class="panel" aria-labelledby="calls">
      <h2 id="calls">{_("Calls: {count}", { count: calls.length })}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Caller")}</th>
            <th scope="col">{_("Number dialled")}</th>
            <th scope="col">{_("State")}</th>
            <th scope="col">{_("With")}</th>
            <th scope="col">{_("Since")}</th>
            <NodeHeading />
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <CallRow key={call.call_id} call={call} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CallRow({ call }: { call: Call }): JSX.Element {
  const parties = call.parties.filter((party) => party.kind !== "citizen" && party.state !== "gone");
  return (
    <tr class={call.emergency ? "emergency" : ""}>
      <td class="number">{call.caller || _("Number withheld")}</td>
      <td>
        <span class="number">{call.number}</span> {call.name}
      </td>
      <td>{words.stage(call.stage)}</td>
      <td>{parties.map(words.partyName).join("、")}</td>
      <td class="time">{span(secondsSince(call.since))}</td>
      <NodeCell placed={call} />
      <td>
        <div class="acts">{call.stage === "waiting" && may.value.has("team.pull") && <Pull call={call} />}</div>
      </td>
    </tr>
  );
}

function Pull({ call }: { call: Call }): JSX.Element {
  const ready = Object.values(state.value?.seats ?? {}).filter((seat) => ["ready", "wrap-up"].includes(seat.state));
  const [chosen, setChosen] = useState("");
  return (
    <>
      <label>
        <span class="unseen">{_("To the seat")}</span>
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">{_("to the seat …")}</option>
          {ready.map((seat) => (
            <option key={seat.seat} value={seat.seat}>
              {seat.seat} {seat.name}
            </option>
          ))}
        </select>
      </label>
      <Button onPress={() => doAct("team.pull", { call_id: call.call_id, seat: chosen })} disabled={!chosen}>
        {_("Pull")}
      </Button>
    </>
  );
}
