// Calls and the times of seats by agent, group, day, week or half hour, also as Excel and CSV files.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { span } from "../clock";
import { ChoiceField, TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { language } from "../settings";
import { _, type Text } from "../texts";
import { Chart } from "./chart";

type Rows = "agent" | "group" | "day" | "week" | "half-hour";
type Unit = "count" | "share" | "seconds";

interface Column {
  key: string;
  title: string;
  meaning: string;
  unit: Unit;
}

type Row = { key: string; name: string } & Record<string, number | string | null>;

interface Activity {
  by: Rows;
  columns: Column[];
  rows: Row[];
  total: Record<string, number | null>;
}

const ROWS: Record<Rows, Text> = { agent: "Agent", group: "Group", day: "Day", week: "Week", "half-hour": "Half hour" };
const DAY_MS = 86_400_000;

export function ActivityTab(): JSX.Element {
  const rows = useSignal<Rows>("day");
  const since = useSignal(day(Date.now() - 6 * DAY_MS));
  const until = useSignal(day(Date.now()));
  const asked = since.value && until.value ? query(rows.value, since.value, until.value) : null;
  const found = useLoaded<Activity>(asked && `/reports/activity?${asked}`, language.value);
  return (
    <section aria-labelledby="activity">
      <h2 id="activity">{_("Calls and times of seats")}</h2>
      <div class="search">
        <ChoiceField
          label={_("A row for each")}
          value={rows.value}
          onChange={(one) => (rows.value = one as Rows)}
          choices={Object.fromEntries(Object.entries(ROWS).map(([one, title]) => [one, _(title)]))}
        />
        <TextField label={_("From the day")} kind="date" value={since.value} onChange={(one) => (since.value = one)} />
        <TextField label={_("To the end of")} kind="date" value={until.value} onChange={(one) => (until.value = one)} />
      </div>
      {asked && (
        <p class="acts">
          <a href={`/api/v1/reports/activity?${asked}&format=xlsx&language=${language.value}`}>{_("Excel file")}</a>
          <a href={`/api/v1/reports/activity?${asked}&format=csv&language=${language.value}`}>{_("CSV file")}</a>
        </p>
      )}
      {found && <Curve found={found} />}
      {found && <Figures found={found} />}
    </section>
  );
}

function Curve({ found }: { found: Activity }): JSX.Element {
  const times = useMemo(() => found.rows.map(({ key }) => Date.parse(key) / 1000), [found]);
  const lines = useMemo(() => {
    const shown = found.columns.filter(({ key }) => key === "calls" || key === "offered" || key === "abandoned");
    return shown.map(({ key, title }) => ({ name: title, values: found.rows.map((row) => row[key] as number | null) }));
  }, [found]);
  if (found.by === "agent" || found.by === "group" || found.rows.length < 2) return <></>;
  return <Chart label={_("Calls over time")} times={times} lines={lines} />;
}

function Figures({ found }: { found: Activity }): JSX.Element {
  return (
    <div class="wide" role="region" aria-label={_("The figures as a table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{_(ROWS[found.by])}</th>
            {found.columns.map(({ key, title, meaning }) => (
              <th key={key} scope="col" title={meaning}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{rowName(found.by, row)}</th>
              <Cells columns={found.columns} row={row} />
            </tr>
          ))}
          <tr class="total">
            <th scope="row">{_("All together")}</th>
            <Cells columns={found.columns} row={found.total} />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Cells({ columns, row }: { columns: Column[]; row: Record<string, number | string | null> }): JSX.Element {
  return (
    <>
      {columns.map(({ key, unit }) => (
        <td key={key} class="number">
          {shown(row[key] as number | null, unit)}
        </td>
      ))}
    </>
  );
}

function rowName(by: Rows, row: Row): string {
  const key = by === "half-hour" ? row.key.slice(5, 16).replace("T", " ") : by === "day" || by === "week" ? row.key.slice(0, 10) : row.key;
  return `${key} ${row.name}`.trim();
}

function shown(value: number | null, unit: Unit): string {
  if (value === null) return "–";
  switch (unit) {
    case "count":
      return String(value);
    case "share":
      return `${(value * 100).toFixed(1)}%`;
    case "seconds":
      return span(Math.round(value));
  }
}

function query(rows: Rows, since: string, until: string): string {
  return new URLSearchParams({ by: rows, since, until: day(Date.parse(until) + DAY_MS) }).toString();
}

/** The date of a moment, as a date field has it. */
function day(at: number): string {
  return new Date(at).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
}
