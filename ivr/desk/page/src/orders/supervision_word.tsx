// The level of a work order's supervision; nothing if it is not supervised.

import type { JSX } from "preact";
import { _ } from "../texts";
import type { OrderLine } from "./order_types";

export function SupervisionWord({ order }: { order: OrderLine }): JSX.Element | null {
  if (order.supervised === 0) return null;
  const words = order.supervised === 1 ? _("Supervised") : _("Supervised, level {level}", { level: order.supervised });
  return <span class="mark">{words}</span>;
}
