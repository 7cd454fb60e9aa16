// The agent's own state: signed in, ready, busy with a reason, wrap-up with its countdown.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { secondsSince, secondsUntil, span } from "../clock";
import { Button } from "../parts/button";
import * as words from "../parts/state_words";
import { doAct } from "../parts/toasts";
import type { Seat } from "../protocol";
import { phoneChoice } from "../settings";
import { _ } from "../texts";
import { mySeat } from "./my_call";

const MORE_S = 60;
const choosing = signal(false);

export function SeatBar(): JSX.Element {
  const seat = mySeat.value;
  if (!seat) return <p class="seat-bar hint">{_("You have no seat. Ask a supervisor or an admin for one.")}</p>;
  const signedIn = seat.signed_in_groups.length > 0;
  const resting = seat.state === "wrap-up" || (seat.state === "busy" && seat.reason === "wrap-up");
  return (
    <div class="seat-bar" role="group" aria-label={_("My seat")}>
      <span class={`badge ${seat.state}`} role="status">
        <strong>{seat.seat}</strong> {words.seatState(seat.state)}
        {seat.reason && ` · ${words.reason(seat.reason)}`} <Since seat={seat} />
      </span>
      {!signedIn && (
        <Button onPress={() => doAct("seat.sign-in", { phone: phoneChoice.value })} look="main" hotkey="F2">
          {_("Sign in")}
        </Button>
      )}
      {signedIn && (seat.state === "busy" || resting) && (
        <Button onPress={() => doAct("seat.ready")} look="good">
          {_("Ready")}
        </Button>
      )}
      {signedIn && resting && (
        <Button onPress={() => doAct("seat.more-wrap-up", { seconds: MORE_S })}>{_("One minute more")}</Button>
      )}
      {signedIn && !resting && seat.state !== "busy" && (
        <Button onPress={() => (choosing.value = !choosing.value)} pressed={choosing.value}>
          {_("Busy …")}
        </Button>
      )}
      {choosing.value && signedIn && <Reasons />}
      {signedIn && seat.state !== "in-call" && <Button onPress={() => doAct("seat.sign-out")}>{_("Sign out")}</Button>}
      {seat.calls_taken !== null && (
        <span class="quiet">{_("Calls taken today: {count}", { count: seat.calls_taken })}</span>
      )}
    </div>
  );
}

function Since({ seat }: { seat: Seat }): JSX.Element {
  if (seat.wrap_up_until)
    return (
      <span class="time">{_("{time} left", { time: span(secondsUntil(seat.wrap_up_until)) })}</span>
    );
  return <span class="time">{span(secondsSince(seat.since))}</span>;
}

function Reasons(): JSX.Element {
  const choose = async (reason: string): Promise<void> => {
    choosing.value = false;
    await doAct("seat.busy", { reason });
  };
  return (
    <span class="acts" role="group" aria-label={_("Why busy")}>
      {words.REASONS.map((reason) => (
        <Button key={reason} onPress={() => choose(reason)}>
          {words.reason(reason)}
        </Button>
      ))}
    </span>
  );
}
