// The agent's own state: signed in, ready, busy with a reason, wrap-up with its countdown.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { secondsSince, secondsUntil, span } from "../clock";
import { state } from "../live";
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
  if (!seat) return <TakeSeat />;
  const signedIn = seat.signed_in_groups.length > 0;
  // The seat's own phone may be offline while the page phone is online.
  const shown = seat.state === "offline" && seat.web_phone === "online" ? "signed-out" : seat.state;
  const inWrapUp = seat.state === "wrap-up" || (seat.state === "busy" && seat.reason === "wrap-up");
  return (
    <div class="seat-bar" role="group" aria-label={_("My seat")}>
      <span class={`badge ${shown}`} role="status">
        <strong>{seat.seat}</strong> {words.seatState(shown)}
        {seat.reason && ` · ${words.reason(seat.reason)}`} <Since seat={seat} />
      </span>
      {!signedIn && (
        <Button onPress={() => doAct("seat.sign-in", { phone: phoneChoice.value })} look="main" hotkey="F2">
          {_("Sign in")}
        </Button>
      )}
      {signedIn && (seat.state === "busy" || inWrapUp) && (
        <Button onPress={() => doAct("seat.ready")} look="good">
          {_("Ready")}
        </Button>
      )}
      {signedIn && inWrapUp && (
        <Button onPress={() => doAct("seat.more-wrap-up", { seconds: MORE_S })}>{_("One minute more")}</Button>
      )}
      {signedIn && !inWrapUp && seat.state !== "busy" && (
        <Button onPress={() => (choosing.value = !choosing.value)} pressed={choosing.value}>
          {_("Busy …")}
        </Button>
      )}
      {choosing.value && signedIn && <Reasons />}
      {signedIn && seat.state !== "in-call" && <Button onPress={() => doAct("seat.sign-out")}>{_("Sign out")}</Button>}
      {seat.calls_taken != null && (
        <span class="quiet">{_("Calls taken today: {count}", { count: seat.calls_taken })}</span>
      )}
    </div>
  );
}

/** Lets a person without a fixed seat choose a free seat. */
function TakeSeat(): JSX.Element {
  const free = Object.values(state.value?.seats ?? {}).filter((seat) => !seat.person && seat.state !== "in-call");
  return (
    <label class="seat-bar">
      {_("At which seat do you sit?")}{" "}
      <select value="" onChange={(event) => void doAct("seat.take", { seat: event.currentTarget.value })}>
        <option value="">{_("choose …")}</option>
        {free.map((seat) => (
          <option key={seat.seat} value={seat.seat}>
            {seat.seat} {seat.name}
          </option>
        ))}
      </select>
    </label>
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
