// One section of the registry as a table; an entry with a problem is marked.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../parts/button";
import { Confirm } from "../parts/confirm";
import { ChoiceField, TextField } from "../parts/fields";
import { _ } from "../texts";
import { draft, edit, problemsBelow, type RegistryEntry } from "./draft";
import { EntryForm, shown, title } from "./entry_form";
import { fieldsOf, SECTIONS, type RegistrySection } from "./registry_fields";

const chosen = signal("lines");
const words = signal("");
const edited = signal<RegistryEntry | "new" | null>(null);
const removed = signal<RegistryEntry | null>(null);

export function RegistryTable(): JSX.Element {
  const section = SECTIONS.find(({ id }) => id === chosen.value) ?? (SECTIONS[0] as RegistrySection);
  const entries = section.entries();
  const fields = fieldsOf(section, entries[0] ?? null).filter(({ short }) => short);
  const listed = entries.filter((entry) => JSON.stringify(entry.values).includes(words.value.trim()));
  if (draft.value && !draft.value.readable)
    return <p class="problem">{_("The text is not YAML now. Correct it under “Text”.")}</p>;
  return (
    <section aria-label={_(section.title)}>
      <div class="search">
        <ChoiceField
          label={_("Section")}
          value={section.id}
          onChange={(id) => (chosen.value = id)}
          choices={Object.fromEntries(SECTIONS.map(({ id, title: heading }) => [id, _(heading)]))}
        />
        <TextField kind="search" label={_("Search")} value={words.value} onChange={(value) => (words.value = value)} />
      </div>
      {!section.fixed && (
        <div class="acts">
          <Button onPress={() => (edited.value = "new")}>{_("Add")}</Button>
        </div>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Line of the file")}</th>
            {section.named && <th scope="col">{_("Key name")}</th>}
            {fields.map(({ key, title: heading }) => (
              <th scope="col" key={key}>
                {_(heading)}
              </th>
            ))}
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {listed.map((entry) => (
            <tr key={entry.path.join(".")} class={problemsBelow(entry.path).length > 0 ? "wrong" : ""}>
              <td class="time">{entry.line}</td>
              {section.named && <td>{entry.path.at(-1)}</td>}
              {fields.map((field) => (
                <td key={field.key}>{field.words?.(shown(field, entry)) ?? shown(field, entry)}</td>
              ))}
              <td>
                <div class="acts">
                  <button type="button" aria-label={`${_("Change")} ${title(entry)}`} onClick={() => (edited.value = entry)}>
                    {_("Change")}
                  </button>
                  {!section.fixed && (
                    <button type="button" aria-label={`${_("Remove")} ${title(entry)}`} onClick={() => (removed.value = entry)}>
                      {_("Remove")}
                    </button>
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {edited.value && (
        <EntryForm
          section={section}
          entry={edited.value === "new" ? null : edited.value}
          onDone={() => (edited.value = null)}
        />
      )}
      {removed.value && (
        <Confirm
          question={_("Remove {name} from the draft? Comments above it stay.", { name: title(removed.value) })}
          act={_("Remove")}
          onYes={() => edit([{ do: "remove", path: removed.value?.path ?? [] }])}
          onClose={() => (removed.value = null)}
        />
      )}
    </section>
  );
}
