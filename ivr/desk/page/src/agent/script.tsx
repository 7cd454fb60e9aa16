// The script and the checklist of the line. The checked items are stored with the call record.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { doAct } from "../parts/toasts";
import type { Call, Note } from "../protocol";
import { get } from "../rest";
import { _ } from "../texts";
import { useAids } from "./aids";

export function Script({ call }: { call: Call }): JSX.Element | null {
  const aids = useAids(call.number);
  if (!aids || (aids.script.length === 0 && aids.checklist.length === 0)) return null;
  return (
    <div class="aids">
      {aids.script.length > 0 && (
        <section aria-labelledby="script-title">
          <h2 id="script-title">{_("Script")}</h2>
          <ol class="script">
            {aids.script.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
        </section>
      )}
      {aids.checklist.length > 0 && <Checklist call={call} items={aids.checklist} />}
    </div>
  );
}

function Checklist({ call, items }: { call: Call; items: string[] }): JSX.Element {
  const [checked, setChecked] = useState<string[]>([]);
  useEffect(() => {
    void get<{ notes: Note[] }>(`/calls/${encodeURIComponent(call.call_id)}`)
      .then(({ notes }) => setChecked(notes[0]?.checked ?? []))
      .catch(() => undefined); // a call that began just now has no record for a moment, and nothing is checked yet
  }, [call.call_id]);
  const check = async (item: string, done: boolean): Promise<void> => {
    const earlier = checked;
    const now = done ? [...earlier, item] : earlier.filter((other) => other !== item);
    setChecked(now);
    if ((await doAct("call.check", { call_id: call.call_id, items: now })) === null) setChecked(earlier);
  };
  return (
    <fieldset class="checklist">
      <legend>{_("Checklist")}</legend>
      {items.map((item) => (
        <label key={item} class="choice">
          <input
            type="checkbox"
            checked={checked.includes(item)}
            onChange={(event) => void check(item, event.currentTarget.checked)}
          />
          {item}
        </label>
      ))}
    </fieldset>
  );
}
