// The wall: figures that can be read from eight metres.

import type { JSX } from "preact";
import { alarmText } from "../alarms/alarm_words";
import { secondsSince, span } from "../clock";
import { state } from "../live";
import * as words from "../parts/state_words";
import type { Queue, SeatState } from "../protocol";
import { nodes } from "../supervisor/nodes_now";
import { _ } from "../texts";
import { DayCurve } from "./day_curve";
import { byMode, type Figures, share, type Today, useToday } from "./today";

const STATES: SeatState[] = ["ready", "in-call", "ringing", "wrap-up", "busy"];
const PROMISED_S = 15; // GB/T 33358
const MOST_NUMBERS = 7; // that fit into two rows, with the modes and the trunks

export function Wall(): JSX.Element {
  const queues = Object.values(state.value?.queues ?? {});
  const seats = Object.values(state.value?.seats ?? {});
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const longest = queues.map((queue) => queue.longest_since).filter((at) => at !== null).sort()[0];
  const today = useToday();
  const wait = longest ? secondsSince(longest) : 0;
  return (
    <main class="wall-page">
      <h1 class="unseen">{_("Wall")}</h1>
      <div class="figures">
        <Figure title={_("Waiting")} value={String(waiting)} alarm={waiting > 0 && wait > PROMISED_S} />
        <Figure title={_("Longest wait")} value={longest ? span(wait) : "–"} alarm={wait > PROMISED_S} />
        <Figure title={_("Within 15 s today")} value={share(today?.day)} />
        <Figure title={_("Within 15 s, last 30 minutes")} value={share(today?.last_30_min)} />
      </div>
      <OpenAlarms />
      <div class="figures small">
        {STATES.map((seatState) => (
          <Figure
            key={seatState}
            title={words.seatState(seatState)}
            value={String(seats.filter((seat) => seat.state === seatState).length)}
            state={seatState}
          />
        ))}
        {nodes().map(({ node, state: nodeState, calls }) => (
          <Figure
            key={`node ${node}`}
            title={_("Node {node}: calls", { node })}
            value={nodeState === "open" ? String(calls ?? 0) : words.nodeState(nodeState)}
            alarm={nodeState === "away"}
          />
        ))}
        {queues
          .filter((queue) => queue.signed_in > 0 || queue.waiting > 0)
          .map((queue) => (
            <Figure key={queue.group} title={queueTitle(queue)} value={`${queue.waiting} / ${queue.ready}`} />
          ))}
      </div>
      {today && <Shares today={today} />}
      {today && <DayCurve today={today} />}
    </main>
  );
}

/** Calls of today and the part answered within 15 s: by mode and by number; and the trunks that are up. */
function Shares({ today }: { today: Today }): JSX.Element {
  const up = today.trunks.filter((trunk) => trunk.up).length;
  const text = (figures: Figures): string => `${figures.offered} / ${share(figures)}`;
  return (
    <>
      <h2 class="row-title">{_("By mode and by number: calls today / within 15 s")}</h2>
      <div class="figures small">
        {[...byMode(today.by_number)].map(([mode, sum]) => (
          <Figure key={mode} title={words.mode(mode) || "–"} value={text(sum)} />
        ))}
        {today.by_number.slice(0, MOST_NUMBERS).map((number) => (
          <Figure key={number.number} title={`${number.number} ${number.name}`} value={text(number)} />
        ))}
        {today.trunks.length > 0 && (
          <Figure title={trunksTitle(today)} value={`${up} / ${today.trunks.length}`} alarm={up < today.trunks.length} />
        )}
      </div>
    </>
  );
}

/** In a cluster each node reports each trunk. The title names each trunk that is down, with the node that reports it. */
function trunksTitle(today: Today): string {
  const down = today.trunks.filter((trunk) => !trunk.up && trunk.node).map(({ trunk, node }) => `${trunk} (${node})`);
  return [_("Trunks up"), ...down].join(" · ");
}

function queueTitle(queue: Queue): string {
  const title = _("{queue}: waiting / ready", { queue: queue.title || queue.group });
  return queue.node ? `${title} (${queue.node})` : title;
}

function OpenAlarms(): JSX.Element {
  const open = Object.values(state.value?.alarms ?? {});
  if (open.length === 0) return <></>;
  return (
    <div class="figure alarm open-alarms" role="status">
      <span class="title">{_("Open alarms")}</span>
      {open.map((alarm) => (
        <span key={alarm.alarm} class="value">
          {alarmText(alarm)}
        </span>
      ))}
    </div>
  );
}

interface FigureProps {
  title: string;
  value: string;
  alarm?: boolean;
  state?: SeatState;
}

function Figure({ title, value, alarm = false, state: seatState }: FigureProps): JSX.Element {
  return (
    <div class={`figure ${alarm ? "alarm" : ""} ${seatState ?? ""}`}>
      <span class="title">{title}</span>
      <span class="value">{value}</span>
    </div>
  );
}
