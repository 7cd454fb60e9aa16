// The nodes of a cluster with their states and their number of calls. A hotline of one machine has no nodes.

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
          {nodes().map((node) => (
            <tr key={node.node}>
              <th scope="row">{node.node}</th>
              <td>
                <span class={node.state === "away" ? "problem" : ""}>{words.nodeState(node.state)}</span>
              </td>
              <td>{node.calls ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The heading of the column of nodes; empty on a hotline of one machine. */
export function NodeHeading(): JSX.Element {
  return nodes().length > 0 ? <th scope="col">{_("Node")}</th> : <></>;
}

/** The node of a seat, queue or call; "–" if it is at no node. */
export function NodeCell({ placed }: { placed: { node?: string } }): JSX.Element {
  return nodes().length > 0 ? <td>{placed.node || "–"}</td> : <></>;
}
