// A list of work orders with its conditions.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLoaded } from "../parts/loaded";
import { may, me } from "../session";
import { _ } from "../texts";
import { DueWord } from "./due_word";
import { clockTicks, done } from "./order_requests";
import type { Counts, Directory, OrderLine } from "./order_types";
import { SupervisionWord } from "./supervision_word";

const SPECIAL = ["open", "overdue", "supervised", ""];
const LEDGER = ["ledger-on", "ledger-off"]; // work orders on the ledger of enterprises, and struck off it
const state = signal("open");
const words = signal("");
const unit = signal("");

function query(): string {
  const conditions = new URLSearchParams({ limit: "200", sort: "due" });
  if (words.value) conditions.set("words", words.value);
  if (unit.value) conditions.set("unit", unit.value);
  switch (state.value) {
    case "":
      conditions.delete("sort"); // so that the newest come first
      break;
    case "overdue":
      conditions.set("overdue", "1");
      break;
    case "ledger-on":
    case "ledger-off":
      conditions.set("ledger", state.value.replace("ledger-", ""));
      break;
    case "supervised":
      conditions.set("supervised", "1");
      conditions.set("state", "open");
      break;
    default:
      conditions.set("state", state.value);
  }
  return `/orders?${conditions.toString()}`;
}

interface OrderListProps {
  directory: Directory;
  chosen: string;
  onChoose: (order: string) => void;
}

export function OrderList({ directory, chosen, onChoose }: OrderListProps): JSX.Element {
  const version = `${done.value}.${clockTicks.value}`;
  const counts = useLoaded<Counts>("/orders/counts", version);
  const listed = useLoaded<{ orders: OrderLine[] }>(query(), version);
  const ofUnit = Boolean(me.value?.unit);
  return (
    <section class="panel order-list" aria-labelledby="orders-title">
      <h2 id="orders-title">{_("Work orders")}</h2>
      <search class="conditions">
        <label class="field">
          {_("State")}
          <select value={state.value} onChange={(event) => (state.value = event.currentTarget.value)}>
            {[...SPECIAL, ...(directory.has_ledger ? LEDGER : [])].map((name) => (
              <option key={name} value={name}>
                {special(name, counts)}
              </option>
            ))}
            {directory.states.map(({ state: name, title }) => (
              <option key={name} value={name}>
                {title} ({counts?.states[name] ?? 0})
              </option>
            ))}
          </select>
        </label>
        {!ofUnit && (
          <label class="field">
            {_("Unit")}
            <select value={unit.value} onChange={(event) => (unit.value = event.currentTarget.value)}>
              <option value="">{_("all")}</option>
              {directory.units.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label class="field">
          {_("Words")}
          <input type="search" value={words.value} onChange={(event) => (words.value = event.currentTarget.value)} />
        </label>
      </search>
      {may.value.has("read.order-export") && (
        <a class="no-print" href={`/api/v1${query().replace("/orders?", "/orders/export?")}`} download>
          {_("Export as CSV")}
        </a>
      )}
      {listed && listed.orders.length === 0 && <p class="quiet">{_("No work orders.")}</p>}
      <ul class="records" aria-label={_("Work orders")}>
        {listed?.orders.map((order) => (
          <li key={order.order}>
            <button
              type="button"
              class="order-line"
              aria-pressed={order.order === chosen}
              onClick={() => onChoose(order.order)}
            >
              <strong>{order.title}</strong>
              <span>
                <DueWord order={order} /> <SupervisionWord order={order} />
                {order.enterprise && <span class="mark">{_("Enterprise")}</span>}
                {order.extension_asked > 0 && <span class="mark">{_("Extension asked for")}</span>}
              </span>
              <span class="quiet">
                <span class="number">{order.order}</span> · {order.state_title}
                {!ofUnit && order.unit && ` · ${order.unit}`} {order.county}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function special(name: string, counts: Counts | null): string {
  switch (name) {
    case "open":
      return _("All open");
    case "overdue":
      return _("Overdue ({count})", { count: counts?.overdue ?? 0 });
    case "supervised":
      return _("Supervised ({count})", { count: counts?.supervised ?? 0 });
    case "ledger-on":
      return _("Ledger of enterprises");
    case "ledger-off":
      return _("Struck off the ledger");
    default:
      return _("all");
  }
}
