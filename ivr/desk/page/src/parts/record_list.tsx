// Call records, newest first.

import type { JSX } from "preact";
import { clockTime, span } from "../clock";
import type { CallRecord } from "../protocol";
import { _ } from "../texts";
import * as words from "./state_words";

export function RecordList({ records, label }: { records: CallRecord[]; label: string }): JSX.Element {
  return (
    <ul class="records" aria-label={label}>
      {records.map((record) => (
        <li key={record.call_id}>
          <p>
            <time dateTime={record.started_at}>{clockTime(record.started_at)}</time>{" "}
            <strong class="number">{record.caller}</strong> → <span class="number">{record.number}</span> {record.name}
          </p>
          <p class="quiet">
            {words.outcome(record.outcome)}
            {record.talk_s !== null && ` · ${span(Math.round(record.talk_s))}`}
            {record.topic && ` · ${record.topic}`}
            {record.phones_lost.map((seat) => ` · ${_("the phone of seat {seat} was lost", { seat })}`)}
            {record.orders.length > 0 && ` · ${_("Work orders: {orders}", { orders: record.orders.join("、") })}`}
          </p>
          {record.note && <p class="note">{record.note}</p>}
        </li>
      ))}
    </ul>
  );
}
