// The parties of the call with their states.

import type { JSX } from "preact";
import { state } from "../live";
import * as words from "../parts/state_words";
import type { Call } from "../protocol";
import { _ } from "../texts";

export function Parties({ call }: { call: Call }): JSX.Element {
  return (
    <ul class="parties" aria-label={_("Parties of the call")}>
      <li class={citizenState(call)}>
        <strong>{words.kind("citizen")}</strong> <span class={`state ${citizenState(call)}`}>{words.party(citizenState(call))}</span>
      </li>
      {call.parties.map((party) => (
        <li key={`${party.kind}${party.party}`} class={party.state}>
          <strong>{words.partyName(party)}</strong> <span class="quiet">{words.kind(party.kind)}</span>
          <span class={`state ${party.state}`}>{words.party(party.state)}</span>
        </li>
      ))}
      {call.watchers.map((watcher) => (
        <li key={`watcher${watcher.seat}`} class="up">
          <strong>{watcher.seat}</strong> <span class="quiet">{words.kind(isExpert(watcher.seat) ? "expert" : "supervisor")}</span>
          <span class="state">{watchText(watcher.act)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The state of the citizen, who hears music while the agent consults. */
const citizenState = (call: Call): "held" | "up" => (call.stage === "held" || call.stage === "consulting" ? "held" : "up");

const isExpert = (seat: string): boolean => state.value?.seats[seat]?.expert ?? false;

function watchText(act: Call["watchers"][number]["act"]): string {
  switch (act) {
    case "listen":
      return _("Listening");
    case "whisper":
      return _("Whispering to the agent");
    case "join":
      return _("Talking with both");
  }
}
