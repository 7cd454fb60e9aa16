// A search of past calls, each with its sound quality and its recording.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockTime, span } from "../clock";
import { Button } from "../parts/button";
import { RecordingPlayer } from "../parts/recording_player";
import * as words from "../parts/state_words";
import { tellError } from "../parts/toasts";
import type { CallRecord } from "../protocol";
import { get } from "../rest";
import { may } from "../session";
import { _ } from "../texts";

const MOST = 30;

export function Recordings(): JSX.Element {
  const [number, setNumber] = useState("");
  const [seat, setSeat] = useState("");
  const [listed, setListed] = useState<CallRecord[] | null>(null);
  const [open, setOpen] = useState("");
  if (!may.value.has("read.recordings")) return <></>;
  const find = async (): Promise<void> => {
    const query = new URLSearchParams({ limit: String(MOST), ...(number && { number }), ...(seat && { seat }) });
    try {
      setListed((await get<{ calls: CallRecord[] }>(`/calls?${query}`)).calls);
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <section class="panel recordings" aria-labelledby="recordings">
      <h2 id="recordings">{_("Recordings")}</h2>
      <form
        class="acts"
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <label>
          {_("Number dialled")}{" "}
          <input value={number} inputMode="numeric" onInput={(event) => setNumber(event.currentTarget.value)} />
        </label>
        <label>
          {_("Seat")} <input value={seat} inputMode="numeric" onInput={(event) => setSeat(event.currentTarget.value)} />
        </label>
        <button type="submit" class="main">
          {_("Find")}
        </button>
      </form>
      {listed?.length === 0 && <p class="quiet">{_("No such call is known.")}</p>}
      <ul class="records" aria-label={_("Calls found")}>
        {listed?.map((record) => (
          <li key={record.call_id}>
            <p>
              <time dateTime={record.started_at}>{clockTime(record.started_at)}</time>{" "}
              <strong class="number">{record.caller}</strong> → <span class="number">{record.number}</span> {record.name}
            </p>
            <p class="quiet">{about(record)}</p>
            {record.has_recording && open !== record.call_id && (
              <Button onPress={() => setOpen(record.call_id)}>{_("Play")}</Button>
            )}
            {open === record.call_id && <RecordingPlayer record={record} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function about(record: CallRecord): string {
  return [
    words.outcome(record.outcome),
    record.seat ?? "",
    record.talk_s === null ? "" : span(Math.round(record.talk_s)),
    ...record.phones_lost.map((seat) => _("the phone of seat {seat} was lost", { seat })),
    record.pulled_by ? _("pulled by {seat}", { seat: record.pulled_by }) : "",
    ...record.sound_quality.map((quality) =>
      _("{seat}: loss {loss} %, jitter {jitter} ms, round trip {trip} ms", {
        seat: quality.seat,
        loss: quality.loss_percent,
        jitter: quality.jitter_ms,
        trip: quality.round_trip_ms,
      }),
    ),
  ]
    .filter(Boolean)
    .join(" · ");
}
