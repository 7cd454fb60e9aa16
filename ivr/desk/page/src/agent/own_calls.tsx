// The agent's own calls, with a search.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../parts/loaded";
import { RecordList } from "../parts/record_list";
import type { CallRecord } from "../protocol";
import { _ } from "../texts";
import { current } from "./my_call";

export function OwnCalls(): JSX.Element {
  const [words, setWords] = useState("");
  const path = `/calls?mine=1&limit=50&q=${encodeURIComponent(words)}`;
  const listed = useLoaded<{ calls: CallRecord[] }>(path, current.value?.call_id);
  return (
    <>
      <label class="field">
        {_("Search in my calls")}
        <input type="search" value={words} onChange={(event) => setWords(event.currentTarget.value)} />
      </label>
      {listed && <RecordList records={listed.calls} label={_("My calls")} />}
    </>
  );
}
