// Notes of a call, which save themselves.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { act } from "../live";
import type { Call, Note } from "../protocol";
import { get, Refused } from "../rest";
import { _ } from "../texts";

const TYPING_MS = 700;
const AGAIN_MS = 3000;

type Saved = "saved" | "saving" | "unsaved" | "changed";

export function Notes({ call }: { call: Call }): JSX.Element {
  const [text, setText] = useState("");
  const [saved, setSaved] = useState<Saved>("saved");
  const written = useRef({ text: "", version: 0 });

  useEffect(() => {
    void get<{ notes: Note[] }>(`/calls/${encodeURIComponent(call.call_id)}`)
      .then(({ notes }) => {
        const note = notes[0];
        if (!note || written.current.text) return;
        written.current = { text: note.text, version: note.version };
        setText((typed) => typed || note.text);
      })
      .catch(() => undefined); // a call that began just now has no record yet
  }, [call.call_id]);

  useEffect(() => {
    if (text === written.current.text) return undefined;
    setSaved((before) => (before === "changed" ? before : "saving"));
    let timer = setTimeout(save, TYPING_MS);
    async function save(): Promise<void> {
      try {
        const args = { call_id: call.call_id, text, version: written.current.version };
        const { version } = await act<{ version: number }>("note.save", args);
        written.current = { text, version };
        setSaved("saved");
      } catch (error) {
        const changed = error instanceof Refused && error.code === "changed";
        setSaved(changed ? "changed" : "unsaved");
        if (!changed) timer = setTimeout(save, AGAIN_MS);
      }
    }
    return () => clearTimeout(timer);
  }, [text, call.call_id]);

  return (
    <label class="field notes">
      <span>
        {_("Notes")} <span class={`quiet ${saved}`} role="status">{said(saved)}</span>
      </span>
      <textarea rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
    </label>
  );
}

function said(saved: Saved): string {
  switch (saved) {
    case "saved":
      return _("saved");
    case "saving":
      return _("saving …");
    case "unsaved":
      return _("not saved yet; trying again");
    case "changed":
      return _("somebody else changed these notes; load the page anew to see them");
  }
}
