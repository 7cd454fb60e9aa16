// Fields of a form, each with its label, its hint, and the problem of its value.

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface FieldProps<T> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  problem?: string | undefined; // shown below the field, and read out with it
  hint?: string | undefined;
}

interface TextFieldProps extends FieldProps<string> {
  kind?: "text" | "date" | "datetime-local" | "number" | "search";
  lines?: number; // more than one: a text area
}

export function TextField({ label, value, onChange, problem, hint, kind = "text", lines = 1 }: TextFieldProps): JSX.Element {
  const id = useId();
  const attributes = {
    "aria-invalid": problem ? true : undefined,
    "aria-describedby": problem || hint ? `${id}-message` : undefined,
    id,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines > 1 ? (
        <textarea {...attributes} rows={lines} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <input {...attributes} {...({ type: kind } as { type: "text" })} value={value} onInput={(event) => onChange(event.currentTarget.value)} />
      )}
      <FieldMessage id={id} problem={problem} hint={hint} />
    </div>
  );
}

interface ChoiceFieldProps extends FieldProps<string> {
  choices: Record<string, string>; // value → its text
}

export function ChoiceField({ label, value, onChange, problem, hint, choices }: ChoiceFieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem || hint ? `${id}-message` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {Object.entries(choices).map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
      <FieldMessage id={id} problem={problem} hint={hint} />
    </div>
  );
}

export function CheckField({ label, value, onChange }: FieldProps<boolean>): JSX.Element {
  return (
    <label class="choice">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

/** A choice of several values. The chosen values have the order of the choices. */
export function CheckFields({ label, value, onChange, choices, problem }: FieldProps<string[]> & { choices: Record<string, string> }): JSX.Element {
  const toggle = (toggled: string, on: boolean): void =>
    onChange(Object.keys(choices).filter((choice) => (choice === toggled ? on : value.includes(choice))));
  return (
    <fieldset class="checks">
      <legend>{label}</legend>
      {Object.entries(choices).map(([choice, text]) => (
        <CheckField key={choice} label={text} value={value.includes(choice)} onChange={(on) => toggle(choice, on)} />
      ))}
      {problem && <p class="problem">{problem}</p>}
    </fieldset>
  );
}

function FieldMessage({ id, problem, hint }: { id: string; problem?: ComponentChildren; hint?: ComponentChildren }): JSX.Element {
  if (!problem && !hint) return <></>;
  return (
    <p id={`${id}-message`} class={problem ? "problem" : "hint"}>
      {problem || hint}
    </p>
  );
}
