// The due day of a work order. A word marks a late work order, because colour alone is not enough.

import type { JSX } from "preact";
import { now } from "../clock";
import { _ } from "../texts";
import type { OrderLine } from "./order_types";

const WITH_UNIT = ["dispatched", "handling", "returned"];

export function DueWord({ order }: { order: OrderLine }): JSX.Element {
  if (!order.due_on) return <span class="quiet">–</span>;
  const today = new Date(now.value).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  const late = WITH_UNIT.includes(order.state) && order.overdue;
  return (
    <>
      {late && <span class="mark emergency">{_("Overdue")}</span>}
      {!late && WITH_UNIT.includes(order.state) && order.due_on === today && (
        <span class="mark">{_("Due today")}</span>
      )}{" "}
      <time dateTime={order.due_on}>{order.due_on}</time>
    </>
  );
}
