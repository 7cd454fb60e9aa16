// The agent's own calls, with a search.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../parts/loaded";
import { RecordList } from "../parts/record_list";
import type { CallRecord } from "../protocol";
import { _ } from "../texts";
import { current } from "./my_call";

export function OwnCalls(): JSX.Element {
  const [wanted, setWanted] = useState("");
  const path = `/calls?mine=1&limit=50&q=${encodeURIComponent(wanted)}`;
  const found = useLoaded<{ calls: CallRecord[] }>(path, current.value?.call_id);
  return (
    <>
      <label class="field">
        {_("Search in my calls")}
        <input type="search" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} />
      </label>
      {found && <RecordList records={found.calls} label={_("My calls")} />}
    </>
  );
}
