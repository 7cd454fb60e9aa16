// The page of work orders for units, agents and supervisors: the list at the left, the chosen work order at the right.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLoaded } from "../parts/loaded";
import { may, me } from "../session";
import { _ } from "../texts";
import { OrderDetail } from "./order_detail";
import { OrderList } from "./order_list";
import { OrderReport } from "./order_report";
import { done, clockTicks } from "./order_requests";
import type { Directory } from "./order_types";

const EVERY_MS = 15_000;

/** The number of the shown work order; "" if no work order is shown. */
export const chosenOrder = signal("");

export function OrdersPage(): JSX.Element {
  const directory = useLoaded<Directory>("/orders/directory");
  useEffect(() => {
    const timer = setInterval(() => (clockTicks.value += 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (!directory) return <main class="loading">{_("Loading …")}</main>;
  return (
    <main class="orders-page">
      <h1 class="unseen">{me.value?.unit ?? _("Work orders")}</h1>
      <OrderList directory={directory} chosen={chosenOrder.value} onChoose={choose} />
      {chosenOrder.value ? (
        <OrderDetail key={chosenOrder.value} number={chosenOrder.value} directory={directory} />
      ) : (
        <section class="panel">
          <p class="quiet">{_("Choose a work order.")}</p>
        </section>
      )}
      {may.value.has("read.order-report") && <OrderReport onChoose={choose} />}
    </main>
  );
}

/** Show a work order, or load it again if it is shown already. */
function choose(order: string): void {
  if (chosenOrder.value === order) done.value += 1;
  chosenOrder.value = order;
}
