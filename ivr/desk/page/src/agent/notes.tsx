// Notes of a call, which are saved as the agent types. Text that is not saved yet survives a reload in the tab's storage.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { act } from "../live";
import type { Call, Note } from "../protocol";
import { get, Refused } from "../rest";
import { _ } from "../texts";
import { noteAddition } from "./note_addition";

const TYPING_MS = 700;
const RETRY_MS = 3000;

type Saved = "loading" | "saved" | "saving" | "unsaved" | "changed" | "refused";

interface StoredNotes {
  text: string;
  version: number;
}

// The stored notes of each call, so that a change of the view needs no request.
const cache = new Map<string, StoredNotes>();

const draftKey = (call: string): string => `desk.note.${call}`;

export function Notes({ call }: { call: Call }): JSX.Element {
  const id = call.call_id;
  const [text, setText] = useState(sessionStorage.getItem(draftKey(id)) ?? cache.get(id)?.text ?? "");
  const [stored, setShownStored] = useState<StoredNotes | null>(cache.get(id) ?? null);
  const [saved, setSaved] = useState<Saved>(stored ? "saved" : "loading");
  const [reason, setReason] = useState(""); // of a refusal
  const setStored = (newest: StoredNotes): void => {
    cache.set(id, newest);
    setShownStored(newest);
  };

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    async function load(): Promise<void> {
      try {
        const note = (await get<{ notes: Note[] }>(`/calls/${encodeURIComponent(id)}`)).notes[0];
        setStored({ text: note?.text ?? "", version: note?.version ?? 0 });
        if (sessionStorage.getItem(draftKey(id)) === null) setText(note?.text ?? "");
        setSaved("saved");
      } catch {
        timer = setTimeout(load, RETRY_MS); // a call that began or ended just now has no record for a moment
      }
    }
    if (!cache.has(id)) void load();
    return () => clearTimeout(timer);
  }, [id]);

  useEffect(() => {
    if (!stored || text === stored.text) return undefined;
    setSaved((earlier) => (earlier === "changed" ? earlier : "saving"));
    let timer = setTimeout(save, TYPING_MS);
    async function save(): Promise<void> {
      try {
        const args = { call_id: id, text, version: stored?.version ?? 0 };
        const { version } = await act<{ version: number }>("note.save", args);
        if (sessionStorage.getItem(draftKey(id)) === text) sessionStorage.removeItem(draftKey(id));
        setStored({ text, version });
        setSaved("saved");
      } catch (error) {
        const ends = ending(error);
        setSaved(ends ?? "unsaved");
        if (ends === "refused") setReason((error as Refused).message);
        if (!ends) timer = setTimeout(save, RETRY_MS);
      }
    }
    return () => clearTimeout(timer);
  }, [text, stored, id]);

  const type = (typed: string): void => {
    sessionStorage.setItem(draftKey(id), typed);
    setText(typed);
  };
  const addition = noteAddition.value;
  useEffect(() => {
    if (addition?.call !== id) return;
    noteAddition.value = null;
    type(text ? `${text}\n${addition.text}` : addition.text);
  }, [addition]);
  return (
    <label class="field notes">
      <span>
        {_("Notes")}{" "}
        <span class={`quiet ${saved}`} role="status">
          {saved === "refused" ? _("not saved: {reason}", { reason }) : savedText(saved)}
        </span>
      </span>
      <textarea rows={4} value={text} onInput={(event) => type(event.currentTarget.value)} />
    </label>
  );
}

/** Return the state after a refusal that the same text would get again; null if another try may succeed. */
function ending(error: unknown): "changed" | "refused" | null {
  if (!(error instanceof Refused)) return null;
  if (error.code === "changed") return "changed";
  return error.field === "text" ? "refused" : null; // as a text that is too long
}

function savedText(saved: Exclude<Saved, "refused">): string {
  switch (saved) {
    case "loading":
      return "";
    case "saved":
      return _("saved");
    case "saving":
      return _("saving …");
    case "unsaved":
      return _("not saved yet; trying again");
    case "changed":
      return _("another person changed these notes; reload the page to see them");
  }
}
