// The present state of every seat, with a supervisor's acts: listen, whisper, join, take over, set the state or the groups.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { mySeat } from "../agent/my_call";
import { secondsSince, span } from "../clock";
import { state } from "../live";
import { Button } from "../parts/button";
import * as words from "../parts/state_words";
import { doAct } from "../parts/toasts";
import { expectCall } from "../phone/page_phone";
import type { Call, Seat } from "../protocol";
import { may } from "../session";
import { _, type Text } from "../texts";
import { NodeCell, NodeHeading } from "./nodes_now";

const everybody = signal(false);
// The acts of a supervisor who listens to the call already.
const ACTS_WHILE_LISTENING: Record<string, Text> = {
  "watch.listen": "Listen",
  "watch.whisper": "Whisper",
  "watch.join": "Join",
  "watch.take-over": "Take over",
  "watch.end": "End the call",
  "watch.leave": "Leave the call",
};

export function SeatsNow(): JSX.Element {
  const seats = Object.values(state.value?.seats ?? {}).filter(
    (seat) => everybody.value || !["offline", "signed-out"].includes(seat.state),
  );
  return (
    <section class="panel" aria-labelledby="seats">
      <h2 id="seats">{_("Seats")}</h2>
      <label class="choice">
        <input
          type="checkbox"
          checked={everybody.value}
          onChange={(event) => (everybody.value = event.currentTarget.checked)}
        />
        {_("Include seats that are not signed in")}
      </label>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Seat")}</th>
            <th scope="col">{_("State")}</th>
            <th scope="col">{_("Call")}</th>
            <th scope="col">{_("Calls today")}</th>
            <NodeHeading />
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {seats.map((seat) => (
            <SeatRow key={seat.seat} seat={seat} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SeatRow({ seat }: { seat: Seat }): JSX.Element {
  const call = seat.call ? state.value?.calls[seat.call] : undefined;
  return (
    <tr>
      <th scope="row">
        <span class="number">{seat.seat}</span> {seat.person ?? seat.name}
      </th>
      <td>
        <span class={`state ${seat.state}`}>{words.seatState(seat.state)}</span>{" "}
        {seat.reason && `${words.reason(seat.reason)} `}
        <span class="time">{span(secondsSince(seat.since))}</span>
      </td>
      <td>{call && `${call.number} ${call.name}`}</td>
      <td>{seat.calls_taken ?? "–"}</td>
      <NodeCell placed={seat} />
      <td>
        <div class="acts">
          {seat.state === "in-call" && may.value.has("watch.listen") && <Watch seat={seat} call={call} />}
          {may.value.has("team.set-state") && <SetState seat={seat} />}
          {may.value.has("team.set-groups") && seat.signed_in_groups.length > 0 && <SetGroups seat={seat} />}
        </div>
      </td>
    </tr>
  );
}

function Watch({ seat, call }: { seat: Seat; call: Call | undefined }): JSX.Element {
  if (!call?.watchers.some((watcher) => watcher.seat === mySeat.value?.seat))
    return <Button onPress={() => listen(seat)}>{_("Listen")}</Button>;
  return (
    <>
      {Object.entries(ACTS_WHILE_LISTENING).map(([name, text]) => (
        <Button key={name} onPress={() => doAct(name, { seat: seat.seat })}>
          {_(text)}
        </Button>
      ))}
    </>
  );
}

function listen(seat: Seat): unknown {
  expectCall(); // because the hotline now rings the supervisor's phone
  return doAct("watch.listen", { seat: seat.seat });
}

function SetState({ seat }: { seat: Seat }): JSX.Element {
  const set = (state: string): unknown => doAct("team.set-state", { seat: seat.seat, state });
  switch (seat.state) {
    case "busy":
    case "wrap-up":
      return <Button onPress={() => set("ready")}>{_("Ready")}</Button>;
    case "ready":
      return (
        <>
          <Button onPress={() => set("busy")}>{_("Busy")}</Button>
          <Button onPress={() => set("signed-out")}>{_("Sign out")}</Button>
        </>
      );
    default:
      return <></>;
  }
}

/** The groups that a seat serves until its next sign-in. The last group cannot be taken away. */
function SetGroups({ seat }: { seat: Seat }): JSX.Element {
  const served = seat.signed_in_groups;
  const set = (group: string, serves: boolean): unknown =>
    doAct("team.set-groups", {
      seat: seat.seat,
      groups: serves ? [...served, group] : served.filter((name) => name !== group),
    });
  return (
    <details>
      <summary>{_("Groups")}</summary>
      <fieldset>
        <legend class="unseen">{_("Groups of seat {seat}", { seat: seat.seat })}</legend>
        {Object.values(state.value?.queues ?? {}).map(({ group, title }) => (
          <label key={group} class="choice">
            <input
              type="checkbox"
              checked={served.includes(group)}
              disabled={served.length === 1 && served[0] === group}
              onChange={(event) => void set(group, event.currentTarget.checked)}
            />
            {title || group}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
