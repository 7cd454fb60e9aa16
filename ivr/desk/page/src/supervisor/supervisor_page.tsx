// The supervisor's page: the present queues, seats and calls, with the supervisor's acts; messages; recordings.

import type { JSX } from "preact";
import { state } from "../live";
import { secondsSince, span } from "../clock";
import { _ } from "../texts";
import { CallsNow } from "./calls_now";
import { NodeCell, NodeHeading, NodesNow } from "./nodes_now";
import { Recordings } from "./recordings";
import { SeatsNow } from "./seats_now";
import { TeamMessage } from "./team_message";

export function SupervisorPage(): JSX.Element {
  return (
    <main class="supervisor-page">
      <h1 class="unseen">{_("Supervisor")}</h1>
      <NodesNow />
      <Queues />
      <SeatsNow />
      <CallsNow />
      <TeamMessage />
      <Recordings />
    </main>
  );
}

function Queues(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="queues">
      <h2 id="queues">{_("Queues")}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Queue")}</th>
            <th scope="col">{_("Waiting")}</th>
            <th scope="col">{_("Longest wait")}</th>
            <th scope="col">{_("Ready")}</th>
            <th scope="col">{_("Signed in")}</th>
            <NodeHeading />
          </tr>
        </thead>
        <tbody>
          {Object.values(state.value?.queues ?? {}).map((queue) => (
            <tr key={queue.group} class={queue.waiting > 0 ? "waiting" : ""}>
              <th scope="row">{queue.title || queue.group}</th>
              <td>{queue.waiting}</td>
              <td>{queue.longest_since ? span(secondsSince(queue.longest_since)) : "–"}</td>
              <td>{queue.ready}</td>
              <td>{queue.signed_in}</td>
              <NodeCell placed={queue} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
