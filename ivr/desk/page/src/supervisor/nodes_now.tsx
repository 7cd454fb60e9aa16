// The nodes of a cluster: whether each takes calls, and how many it has. A hotline of one machine has none.

import type { JSX } from "preact";
import { state } from "../live";
import * as words from "../parts/state_words";
import type { HotlineNode } from "../protocol";
import { _ } from "../texts";

export const nodes = (): HotlineNode[] => state.value?.hotline.nodes ?? [];

export function NodesNow(): JSX.Element {
  if (nodes().length === 0) return <></>;
  return (
    <section class="panel" aria-labelledby="nodes">
      <h2 id="nodes">{_("Nodes")}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Node")}</th>
            <th scope="col">{_("State")}</th>
            <th scope="col">{_("Calls now")}</th>
          </tr>
        </thead>
        <tbody>
          {nodes().map((one) => (
            <tr key={one.node}>
              <th scope="row">{one.node}</th>
              <td>
                <span class={one.state === "away" ? "problem" : ""}>{words.nodeState(one.state)}</span>
              </td>
              <td>{one.calls ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The heading of the column of nodes; none on one machine. */
export function NodeHeading(): JSX.Element {
  return nodes().length > 0 ? <th scope="col">{_("Node")}</th> : <></>;
}

/** The node of a seat, queue or call; "–" if it is at none. */
export function NodeCell({ of }: { of: { node?: string } }): JSX.Element {
  return nodes().length > 0 ? <td>{of.node || "–"}</td> : <></>;
}
