// One field of an act, with the input for its kind of value.

import type { JSX } from "preact";
import { _, type Text } from "../texts";
import type { Directory } from "./order_types";

export type FieldValue = string | string[];

const TITLE: Record<string, Text> = {
  title: "Matter in short",
  content: "Matter",
  caller: "Telephone",
  contact: "Name",
  number: "Line concerned",
  county: "County",
  place: "Place",
  kind: "Kind",
  class: "Class",
  confidential: "Confidential",
  enterprise: "Matter of an enterprise",
  company: "Name of the enterprise",
  officer: "Policy officer",
  unit: "Main unit",
  suggested_unit: "Suggested unit",
  helpers: "Helping units",
  text: "Remark",
  answer: "The answer",
  reason: "Reason",
  days: "Working days",
  solved: "Solved",
  satisfaction: "Satisfaction",
  opinion: "Opinion",
  into: "Into work order",
  earlier: "Earlier work order",
  ground: "Ground",
  turn_to: "Where to turn",
  name: "File",
};
const GRADES: Text[] = ["Very satisfied", "Satisfied", "Fairly satisfied", "Dissatisfied", "Very dissatisfied"];
const LONG = ["content", "answer", "reason", "text", "opinion"];

export function fieldTitle(name: string): string {
  return TITLE[name] ? _(TITLE[name]) : name;
}

interface FieldProps {
  name: string;
  value: FieldValue;
  needed: boolean;
  directory: Directory;
  onChange: (value: FieldValue) => void;
}

export function OrderField({ name, value, needed, directory, onChange }: FieldProps): JSX.Element {
  const common = { name, required: needed };
  const choices = choicesOf(name, directory);
  const single = Array.isArray(value) ? "" : value;
  return (
    <label class="field">
      <span>
        {fieldTitle(name)}
        {needed && <span class="quiet"> {_("(needed)")}</span>}
      </span>
      {name === "helpers" ? (
        <select
          {...common}
          multiple
          size={4}
          onChange={(event) => onChange([...event.currentTarget.selectedOptions].map((option) => option.value))}
        >
          {directory.units.map((unit) => (
            <option key={unit} value={unit} selected={value.includes(unit)}>
              {unit}
            </option>
          ))}
        </select>
      ) : choices ? (
        <select {...common} value={single} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{_("choose …")}</option>
          {choices.map(([choice, title]) => (
            <option key={choice} value={choice}>
              {title}
            </option>
          ))}
        </select>
      ) : LONG.includes(name) ? (
        <textarea {...common} rows={4} value={single} onInput={(event) => onChange(event.currentTarget.value)} />
      ) : name === "days" ? (
        <input
          {...common}
          type="number"
          min={1}
          value={single}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <input {...common} type="text" value={single} onInput={(event) => onChange(event.currentTarget.value)} />
      )}
    </label>
  );
}

function choicesOf(name: string, directory: Directory): [string, string][] | null {
  switch (name) {
    case "unit":
    case "suggested_unit":
      return directory.units.map((unit) => [unit, unit]);
    case "kind":
      return directory.kinds.map(({ kind, title }) => [kind, title]);
    case "class":
      return directory.classes.map(({ class: name, title }) => [name, title]);
    case "county":
      return directory.counties.map((county) => [county, county]);
    case "ground":
      return directory.grounds.map(({ ground, title }) => [ground, title]);
    case "satisfaction":
      return GRADES.map((title, index) => [String(index + 1), _(title)]);
    case "officer":
      return directory.officers.map(({ officer, unit }) => [officer, `${officer} · ${unit}`]);
    case "confidential":
    case "enterprise":
    case "solved":
      return [
        ["yes", _("Yes")],
        ["no", _("No")],
      ];
    default:
      return null;
  }
}
