// Everybody in the call, and what each of them hears.

import type { JSX } from "preact";
import { state } from "../live";
import * as words from "../parts/state_words";
import type { Call } from "../protocol";
import { _ } from "../texts";

export function Parties({ call }: { call: Call }): JSX.Element {
  return (
    <ul class="parties" aria-label={_("Parties of the call")}>
      {call.parties.map((party) => (
        <li key={`${party.kind}${party.party}`} class={party.state}>
          <strong>{party.name || party.party}</strong> <span class="quiet">{words.kind(party.kind)}</span>
          <span class={`state ${party.state}`}>{words.party(party.state)}</span>
        </li>
      ))}
      {call.watchers.map((watcher) => (
        <li key={`watcher${watcher.seat}`} class="up">
          <strong>{watcher.seat}</strong> <span class="quiet">{words.kind(isExpert(watcher.seat) ? "expert" : "supervisor")}</span>
          <span class="state">{watched(watcher.act)}</span>
        </li>
      ))}
    </ul>
  );
}

const isExpert = (seat: string): boolean => state.value?.seats[seat]?.expert ?? false;

function watched(act: Call["watchers"][number]["act"]): string {
  switch (act) {
    case "listen":
      return _("Listening");
    case "whisper":
      return _("Whispering to the agent");
    case "join":
      return _("Talking with both");
  }
}
