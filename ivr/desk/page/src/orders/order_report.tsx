// The four rates (四率). A press on a figure lists the work orders that it counts.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../parts/loaded";
import { _, type Text } from "../texts";
import { done } from "./order_requests";

interface Rate {
  share: number | null;
  met: string[];
  missed: string[];
}
type RateName = "responded" | "on-time" | "solved" | "satisfied";
interface CountedOrders {
  title: string;
  parts: [string, string[]][];
}
type Row = { name: string; dispatched: string[] } & Record<RateName, Rate>;

const RATES: [RateName, Text][] = [
  ["responded", "Responded"],
  ["on-time", "On time"],
  ["solved", "Problems solved"],
  ["satisfied", "Satisfied citizens"],
];
const GROUPINGS: [string, Text][] = [
  ["unit", "Unit"],
  ["class", "Class"],
  ["county", "County"],
];
const DAYS = 30;
const MOST = 500; // listed work orders of one figure
const DAY_MS = 86_400_000;

export function OrderReport({ onChoose }: { onChoose: (order: string) => void }): JSX.Element {
  const [by, setBy] = useState("unit");
  const [since, setSince] = useState(day(Date.now() - DAYS * DAY_MS));
  const [until, setUntil] = useState(day(Date.now()));
  const [countedOrders, setCountedOrders] = useState<CountedOrders | null>(null);
  const query = new URLSearchParams({ by, since: `${since}T00:00:00+08:00`, until: `${until}T23:59:59+08:00` });
  const report = useLoaded<{ rows: Row[] }>(since && until ? `/orders/report?${query.toString()}` : null, done.value);
  return (
    <section class="panel order-report" aria-labelledby="report-title">
      <h2 id="report-title">{_("The four rates")}</h2>
      <div class="conditions">
        <label class="field">
          {_("By")}
          <select value={by} onChange={(event) => setBy(event.currentTarget.value)}>
            {GROUPINGS.map(([name, title]) => (
              <option key={name} value={name}>
                {_(title)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {_("Dispatched from")}
          <input type="date" value={since} onChange={(event) => setSince(event.currentTarget.value)} />
        </label>
        <label class="field">
          {_("to")}
          <input type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        </label>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Name")}</th>
            <th scope="col">{_("Dispatched")}</th>
            {RATES.map(([name, title]) => (
              <th key={name} scope="col">
                {_(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report?.rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name || _("all")}</th>
              <td>
                <button
                  type="button"
                  class="plain"
                  aria-label={`${row.name || _("all")} · ${_("Dispatched")} ${row.dispatched.length}`}
                  onClick={() => setCountedOrders({ title: row.name || _("all"), parts: [[_("Dispatched"), row.dispatched]] })}
                >
                  {row.dispatched.length}
                </button>
              </td>
              {RATES.map(([name, title]) => (
                <td key={name}>
                  <Figure
                    rate={row[name]}
                    label={`${row.name || _("all")} · ${_(title)}`}
                    onOpen={(parts) => setCountedOrders({ title: `${row.name || _("all")} · ${_(title)}`, parts })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {countedOrders && (
        <section aria-live="polite" aria-labelledby="behind-title">
          <h3 id="behind-title">{_("{what}: the work orders behind it", { what: countedOrders.title })}</h3>
          {countedOrders.parts.map(([title, orders]) => (
            <div key={title}>
              <h4>
                {title} ({orders.length})
              </h4>
              <div class="acts">
                {orders.slice(0, MOST).map((order) => (
                  <button key={order} type="button" class="plain number" onClick={() => onChoose(order)}>
                    {order}
                  </button>
                ))}
                {orders.length > MOST && <span class="quiet">…</span>}
              </div>
            </div>
          ))}
        </section>
      )}
    </section>
  );
}

interface FigureProps {
  rate: Rate;
  label: string;
  onOpen: (parts: CountedOrders["parts"]) => void;
}

function Figure({ rate, label, onOpen }: FigureProps): JSX.Element {
  if (rate.share === null) return <span class="quiet">–</span>;
  const counted = rate.met.length + rate.missed.length;
  const shown = `${(rate.share * 100).toFixed(1)} % (${rate.met.length}/${counted})`;
  return (
    <button
      type="button"
      class="plain"
      aria-label={`${label} ${shown}`}
      onClick={() => onOpen([[_("Missed"), rate.missed], [_("Met"), rate.met]])}
    >
      {shown}
    </button>
  );
}

function day(at: number): string {
  return new Date(at).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
}
