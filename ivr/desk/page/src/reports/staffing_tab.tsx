// The seats that next week needs, beside the seats that are usually signed in.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ChoiceField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { _ } from "../texts";
import { Chart } from "./chart";

interface HalfHour {
  at: string;
  calls: number;
  days: number;
  erlang_c: number | null;
  erlang_a: number | null;
  usual: number | null;
  missing: number | null;
}

interface Staffing {
  group: string;
  groups: Record<string, string>;
  week: string;
  days_of_records: number;
  handle_s: number | null;
  patience_s: number | null;
  half_hours: HalfHour[];
}

export function StaffingTab(): JSX.Element {
  const group = useSignal("");
  const plan = useLoaded<Staffing>(`/reports/staffing?group=${encodeURIComponent(group.value)}`);
  if (!plan) return <p class="loading">{_("Loading …")}</p>;
  return (
    <section aria-labelledby="staffing">
      <h2 id="staffing">{_("Seats for the week from {week}", { week: plan.week })}</h2>
      <div class="search">
        <ChoiceField label={_("Group")} value={plan.group} onChange={(name) => (group.value = name)} choices={plan.groups} />
      </div>
      {plan.days_of_records === 0 ? (
        <p>{_("There are no whole days of records yet; the seats follow from them.")}</p>
      ) : (
        <Plan plan={plan} />
      )}
    </section>
  );
}

function Plan({ plan }: { plan: Staffing }): JSX.Element {
  const times = useMemo(() => plan.half_hours.map(({ at }) => Date.parse(at) / 1000), [plan]);
  const lines = useMemo(
    () => [
      { name: _("needed, Erlang C"), values: plan.half_hours.map(({ erlang_c }) => erlang_c) },
      { name: _("needed, Erlang A"), values: plan.half_hours.map(({ erlang_a }) => erlang_a) },
      { name: _("usually signed in"), values: plan.half_hours.map(({ usual }) => usual) },
    ],
    [plan],
  );
  const seconds = (value: number | null): string => (value === null ? "–" : String(Math.round(value)));
  return (
    <>
      <p class="hint">
        {_("From {days} days of records: handle time {handle} s, patience {patience} s. 95 % of calls within 15 s.", {
          days: plan.days_of_records,
          handle: seconds(plan.handle_s),
          patience: seconds(plan.patience_s),
        })}
      </p>
      <Chart label={_("Seats needed and seats usually signed in")} times={times} lines={lines} />
      <div class="wide" role="region" aria-label={_("The figures as a table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{_("Half hour")}</th>
              <th scope="col">{_("Calls expected")}</th>
              <th scope="col">Erlang C</th>
              <th scope="col">Erlang A</th>
              <th scope="col">{_("usually signed in")}</th>
              <th scope="col">{_("missing")}</th>
            </tr>
          </thead>
          <tbody>
            {plan.half_hours
              .filter(({ calls, usual }) => calls > 0 || usual)
              .map((halfHour) => (
                <tr key={halfHour.at}>
                  <th scope="row">{halfHour.at.slice(5, 16).replace("T", " ")}</th>
                  <td class="number">{halfHour.calls.toFixed(1)}</td>
                  <td class="number">{halfHour.erlang_c ?? "–"}</td>
                  <td class="number">{halfHour.erlang_a ?? "–"}</td>
                  <td class="number">{halfHour.usual?.toFixed(1) ?? "–"}</td>
                  <td class="number">{halfHour.missing || ""}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
