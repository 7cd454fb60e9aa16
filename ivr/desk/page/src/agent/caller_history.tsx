// The caller's earlier calls, their notes, and the caller's open callbacks.

import type { JSX } from "preact";
import { useLoaded } from "../parts/loaded";
import { RecordList } from "../parts/record_list";
import type { Callback, CallRecord, Note } from "../protocol";
import { clockTime } from "../clock";
import { _ } from "../texts";
import { current, finished, ringing } from "./my_call";

interface History {
  earlier: CallRecord[];
  callbacks: Callback[];
  notes: Note[];
}

export function CallerHistory(): JSX.Element {
  const call = ringing.value ?? current.value ?? finished.value;
  const history = useLoaded<History>(call ? `/calls/${encodeURIComponent(call.call_id)}/history` : null);
  if (!call) return <p class="quiet">{_("During a call you see here what the caller called about before.")}</p>;
  if (!history) return <p class="quiet">{_("Loading …")}</p>;
  return (
    <>
      {history.callbacks.length > 0 && (
        <p class="mark">{_("Open callbacks of this caller: {count}", { count: history.callbacks.length })}</p>
      )}
      {history.notes.map((note) => (
        <blockquote key={note.call_id} class="note">
          {note.text}
          <footer class="quiet">
            {note.by} · {clockTime(note.at)}
          </footer>
        </blockquote>
      ))}
      {history.earlier.length > 0 ? (
        <RecordList records={history.earlier} label={_("Earlier calls")} />
      ) : (
        <p class="quiet">{_("No earlier calls are known.")}</p>
      )}
    </>
  );
}
