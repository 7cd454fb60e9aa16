// The other seats with their states.

import type { JSX } from "preact";
import { secondsSince, span } from "../clock";
import { state } from "../live";
import * as words from "../parts/state_words";
import type { SeatState } from "../protocol";
import { _ } from "../texts";
import { mySeat } from "./my_call";

const ORDER: SeatState[] = ["ready", "ringing", "in-call", "wrap-up", "busy", "signed-out"];

export function Colleagues(): JSX.Element {
  const online = Object.values(state.value?.seats ?? {})
    .filter((seat) => seat.seat !== mySeat.value?.seat && ORDER.includes(seat.state))
    .sort((first, second) => ORDER.indexOf(first.state) - ORDER.indexOf(second.state) || first.seat.localeCompare(second.seat));
  if (online.length === 0) return <p class="quiet">{_("No colleague is online.")}</p>;
  return (
    <ul class="people" aria-label={_("Colleagues")}>
      {online.map((seat) => (
        <li key={seat.seat}>
          <strong class="number">{seat.seat}</strong> {seat.person ?? seat.name}
          {seat.expert && <span class="quiet"> {_("Expert")}</span>}
          <span class={`state ${seat.state}`}>
            {words.seatState(seat.state)} {span(secondsSince(seat.since))}
          </span>
        </li>
      ))}
    </ul>
  );
}
