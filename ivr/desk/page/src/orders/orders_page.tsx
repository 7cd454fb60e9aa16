// The page of work orders for units, agents and supervisors: the list at the left, the chosen work order at the right. The
// address names the chosen work order, so that it outlives a reload and can be sent to a colleague.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLoaded } from "../parts/loaded";
import { go, place } from "../router";
import { may, me } from "../session";
import { _ } from "../texts";
import { OrderDetail } from "./order_detail";
import { OrderList } from "./order_list";
import { OrderReport } from "./order_report";
import { done, clockTicks } from "./order_requests";
import type { Directory } from "./order_types";

const EVERY_MS = 15_000;

export function OrdersPage(): JSX.Element {
  const directory = useLoaded<Directory>("/orders/directory");
  useEffect(() => {
    const timer = setInterval(() => (clockTicks.value += 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const chosen = place.value[0] ?? "";
  if (!directory) return <main class="loading">{_("Loading …")}</main>;
  return (
    <main class="orders-page">
      <h1 class="unseen">{me.value?.unit ?? _("Work orders")}</h1>
      <OrderList directory={directory} chosen={chosen} onChoose={choose} />
      {chosen ? (
        <OrderDetail key={chosen} number={chosen} directory={directory} />
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
  if (place.value[0] === order) done.value += 1;
  else go("orders", order);
}
