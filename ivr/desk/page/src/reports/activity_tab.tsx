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
  const conditions = since.value && until.value ? query(rows.value, since.value, until.value) : null;
  const activity = useLoaded<Activity>(conditions && `/reports/activity?${conditions}`, language.value);
  return (
    <section aria-labelledby="activity">
      <h2 id="activity">{_("Calls and times of seats")}</h2>
      <div class="search">
        <ChoiceField
          label={_("A row for each")}
          value={rows.value}
          onChange={(choice) => (rows.value = choice as Rows)}
          choices={Object.fromEntries(Object.entries(ROWS).map(([name, title]) => [name, _(title)]))}
        />
        <TextField label={_("From the day")} kind="date" value={since.value} onChange={(date) => (since.value = date)} />
        <TextField label={_("To the end of")} kind="date" value={until.value} onChange={(date) => (until.value = date)} />
      </div>
      {conditions && (
        <p class="acts">
          <a href={`/api/v1/reports/activity?${conditions}&format=xlsx&language=${language.value}`}>{_("Excel file")}</a>
          <a href={`/api/v1/reports/activity?${conditions}&format=csv&language=${language.value}`}>{_("CSV file")}</a>
        </p>
      )}
      {activity && <Curve activity={activity} />}
      {activity && <Figures activity={activity} />}
    </section>
  );
}

function Curve({ activity }: { activity: Activity }): JSX.Element {
  const times = useMemo(() => activity.rows.map(({ key }) => Date.parse(key) / 1000), [activity]);
  const lines = useMemo(() => {
    const shown = activity.columns.filter(({ key }) => key === "calls" || key === "offered" || key === "abandoned");
    return shown.map(({ key, title }) => ({ name: title, values: activity.rows.map((row) => row[key] as number | null) }));
  }, [activity]);
  if (activity.by === "agent" || activity.by === "group" || activity.rows.length < 2) return <></>;
  return <Chart label={_("Calls over time")} times={times} lines={lines} />;
}

function Figures({ activity }: { activity: Activity }): JSX.Element {
  return (
    <div class="wide" role="region" aria-label={_("The figures as a table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{_(ROWS[activity.by])}</th>
            {activity.columns.map(({ key, title, meaning }) => (
              <th key={key} scope="col" title={meaning}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {activity.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{rowName(activity.by, row)}</th>
              <Cells columns={activity.columns} row={row} />
            </tr>
          ))}
          <tr class="total">
            <th scope="row">{_("All together")}</th>
            <Cells columns={activity.columns} row={activity.total} />
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
