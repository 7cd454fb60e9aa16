// The form of one entry of the registry. Each problem that `ivr check` finds is shown at its field.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, ChoiceField, TextField } from "../parts/fields";
import { _ } from "../texts";
import { type Edit, edit, type Path, type Problem, problemsBelow, type RegistryEntry, type Value, type Values } from "./draft";
import { fieldsOf, type RegistryField, type RegistrySection } from "./registry_fields";

interface EntryFormProps {
  section: RegistrySection;
  entry: RegistryEntry | null; // null: a new one
  onDone: () => void;
}

const JOINED_WITH: Partial<Record<RegistryField["kind"], string>> = { list: "，", lines: "\n" };
const SEPARATORS = /[,，、\n]+/;

export function EntryForm({ section, entry, onDone }: EntryFormProps): JSX.Element {
  const fields = fieldsOf(section, entry);
  const fieldset = useRef<HTMLDivElement>(null);
  const [stored, setStored] = useState(() => formValues(fields, entry));
  const [form, setForm] = useState(stored);
  const [name, setName] = useState("");
  const [path, setPath] = useState<Path | null>(entry?.path ?? null); // of an entry that the draft has
  const problems = path ? problemsBelow(path) : [];
  const problemOf = (field: RegistryField): Problem | undefined =>
    problems.find((problem) => path && field.key.split(".").every((step, n) => problem.path[path.length + n] === step));
  // A message begins with the key in the file, which is left out because the field has a title.
  const messageAt = (field: RegistryField): string | undefined =>
    problemOf(field)?.message.replace(new RegExp(`^${field.key}[:：] ?`), "");
  const elsewhere = problems.filter((problem) => !fields.some((field) => problemOf(field) === problem));
  const save = async (): Promise<void> => {
    const edits = path ? changes(fields, path, stored, form, entry) : [added(section, fields, form, name)];
    if (edits.length === 0) return onDone();
    const place = path ?? [...section.list(name), section.named ? name : section.entries().length];
    const remaining = await edit(edits);
    if (remaining === null) return undefined;
    setPath(place);
    setStored(form);
    if (!remaining.some((problem) => place.every((step, n) => problem.path[n] === step))) onDone();
    else requestAnimationFrame(() => fieldset.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    return undefined;
  };
  return (
    <Dialog title={`${_(section.title)} ${entry ? title(entry) : ""}`} onClose={onDone} wide>
      <div class="entry-form" ref={fieldset}>
        {section.named && !entry && <TextField label={_("Key name")} value={name} onChange={setName} />}
        {fields.map((field) => (
          <Field
            key={field.key}
            field={field}
            value={form[field.key] ?? ""}
            problem={messageAt(field)}
            onChange={(value) => setForm({ ...form, [field.key]: value })}
          />
        ))}
      </div>
      {elsewhere.map(({ line, column, message }) => (
        <p key={`${line}:${column}`} class="problem">
          {line}:{column} {message}
        </p>
      ))}
      <div class="acts">
        <Button onPress={save} look="main">
          {_("Save in the draft")}
        </Button>
        <Button onPress={onDone}>{_("Close")}</Button>
      </div>
    </Dialog>
  );
}

interface FormFieldProps {
  field: RegistryField;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
}

function Field({ field, value, problem, onChange }: FormFieldProps): JSX.Element {
  const label = _(field.title);
  switch (field.kind) {
    case "flag":
      return <CheckField label={label} value={value === "true"} onChange={(on) => onChange(on ? "true" : "")} />;
    case "choice": {
      const known = [...new Set([...(field.choices?.() ?? []), value])].filter(Boolean);
      const choices = Object.fromEntries([["", "–"], ...known.map((choice) => [choice, field.words?.(choice) ?? choice])]) as Record<string, string>;
      return <ChoiceField label={label} value={value} onChange={onChange} problem={problem} choices={choices} />;
    }
    case "list":
      return <TextField label={label} value={value} onChange={onChange} problem={problem} lines={2} />;
    case "lines":
      return <TextField label={label} value={value} onChange={onChange} problem={problem} lines={3} />;
    case "text":
    case "date":
      return <TextField label={label} value={value} onChange={onChange} problem={problem} kind={field.kind} />;
  }
}

export function title(entry: RegistryEntry): string {
  if (typeof entry.values === "string") return entry.values;
  const label = entry.values["number"] ?? entry.values["key"] ?? entry.values["from"] ?? entry.values["name"];
  return String(typeof entry.path.at(-1) === "string" ? entry.path.at(-1) : (label ?? ""));
}

/** The value of a field as the form and the table show it. */
export function shown(field: RegistryField, entry: RegistryEntry): string {
  if (typeof entry.values === "string") return field.key === "from" ? entry.values : "";
  let value: Value | undefined = entry.values;
  for (const step of field.key.split("."))
    value = value && typeof value === "object" && !Array.isArray(value) ? value[step] : undefined;
  if (Array.isArray(value)) return value.map(String).join(JOINED_WITH[field.kind] ?? ", ");
  return value === undefined || typeof value === "object" ? "" : String(value);
}

function formValues(fields: RegistryField[], entry: RegistryEntry | null): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.key, entry ? shown(field, entry) : ""]));
}

function value(field: RegistryField, text: string): Value {
  if (field.kind === "flag") return text === "true";
  const separator = field.kind === "list" ? SEPARATORS : field.kind === "lines" ? /\n+/ : null;
  return separator ? text.split(separator).map((part) => part.trim()).filter(Boolean) : text.trim();
}

function changes(
  fields: RegistryField[],
  path: Path,
  stored: Record<string, string>,
  form: Record<string, string>,
  entry: RegistryEntry | null,
): Edit[] {
  const changed = fields.filter((field) => form[field.key] !== stored[field.key]);
  if (changed.length === 0) return [];
  if (typeof entry?.values === "string") return [{ do: "set", path, value: nested(fields, form) }]; // a date alone
  const edits: Edit[] = [];
  for (const field of changed) {
    const steps = field.key.split(".");
    const text = form[field.key] ?? "";
    const holder = steps.length > 1 ? steps[0] : undefined;
    if (holder && !(entry && typeof entry.values === "object" && entry.values[holder])) {
      const fieldsBelow = fields.filter(({ key }) => key.startsWith(`${holder}.`));
      const mapping = nested(fieldsBelow, form)[holder];
      if (mapping && !edits.some((edit) => edit.path.at(-1) === holder)) edits.push({ do: "set", path: [...path, holder], value: mapping });
    } else if (text === "") edits.push({ do: "remove", path: [...path, ...steps] });
    else edits.push({ do: "set", path: [...path, ...steps], value: value(field, text) });
  }
  return edits;
}

function added(section: RegistrySection, fields: RegistryField[], form: Record<string, string>, name: string): Edit {
  const all = nested(fields, form);
  return section.named
    ? { do: "set", path: [section.id, name], value: all }
    : { do: "append", path: section.list(name), value: all };
}

function nested(fields: RegistryField[], form: Record<string, string>): Values {
  const all: Values = {};
  for (const field of fields) {
    const text = form[field.key] ?? "";
    if (!text) continue;
    const [first = "", second] = field.key.split(".");
    if (second) all[first] = { ...(all[first] as Values | undefined), [second]: value(field, text) };
    else all[first] = value(field, text);
  }
  return all;
}

