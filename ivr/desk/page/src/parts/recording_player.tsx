// A recording with its waveform, the moments of the call, speed and seeking. The file is requested once.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { span } from "../clock";
import type { CallRecord } from "../protocol";
import { getFile } from "../rest";
import { _ } from "../texts";
import { type Mark, marksOf } from "./call_marks";
import { tellError } from "./toasts";
import { readWaveform, type Waveform } from "./waveform";

const PARTS = 400;
const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const STEP_S = 1;

interface Loaded {
  address: string;
  waveform: Waveform | null;
}

export function RecordingPlayer({ record }: { record: CallRecord }): JSX.Element {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(1);
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    let address = "";
    let stale = false;
    getFile(`/calls/${encodeURIComponent(record.call_id)}/recording`)
      .then(async (file) => {
        const waveform = readWaveform(await file.arrayBuffer(), PARTS);
        if (stale) return;
        address = URL.createObjectURL(file);
        setLoaded({ address, waveform });
      })
      .catch((error: unknown) => !stale && tellError(error));
    return () => {
      stale = true;
      if (address) URL.revokeObjectURL(address);
    };
  }, [record.call_id]);
  if (!loaded) return <p class="quiet">{_("Loading …")}</p>;
  const seek = (seconds: number): void => {
    if (audio.current) audio.current.currentTime = seconds;
    setAt(seconds);
  };
  const { waveform } = loaded;
  return (
    <div class="player" role="group" aria-label={_("Recording")}>
      <audio ref={audio} src={loaded.address} controls onTimeUpdate={() => setAt(audio.current?.currentTime ?? 0)} />
      <label>
        {_("Speed")}{" "}
        <select
          value={speed}
          onChange={(event) => {
            setSpeed(Number(event.currentTarget.value));
            if (audio.current) audio.current.playbackRate = Number(event.currentTarget.value);
          }}
        >
          {SPEEDS.map((factor) => (
            <option key={factor} value={factor}>
              {factor}×
            </option>
          ))}
        </select>
      </label>
      {waveform && <Curve waveform={waveform} marks={marksOf(record)} at={at} />}
      {waveform && (
        <input
          class="seek"
          type="range"
          aria-label={_("Moment of the recording")}
          aria-valuetext={span(Math.round(at))}
          min={0}
          max={Math.ceil(waveform.seconds)}
          step={STEP_S}
          value={Math.round(at)}
          onInput={(event) => seek(Number(event.currentTarget.value))}
        />
      )}
      <ul class="marks" aria-label={_("Moments of the call")}>
        {marksOf(record).map((mark) => (
          <li key={`${mark.from}${mark.text}`}>
            <button type="button" class="plain" onClick={() => seek(mark.from)}>
              <span class="time">{span(Math.round(mark.from))}</span> {mark.text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Curve({ waveform, marks, at }: { waveform: Waveform; marks: Mark[]; at: number }): JSX.Element {
  const xOf = (seconds: number): number => (PARTS * seconds) / Math.max(waveform.seconds, 1);
  return (
    <svg class="waveform" viewBox={`0 0 ${PARTS} 100`} preserveAspectRatio="none" aria-hidden="true">
      {marks.map((mark) => (
        <rect
          key={`${mark.from}${mark.text}`}
          class={mark.kind}
          x={xOf(mark.from)}
          width={Math.max(xOf(mark.to) - xOf(mark.from), 1)}
          y="0"
          height="100"
        />
      ))}
      <path d={waveform.peaks.map((peak, part) => `M${part} ${50 - peak * 48}V${51 + peak * 48}`).join("")} />
      <rect class="now" x={xOf(at)} width="1.5" y="0" height="100" />
    </svg>
  );
}
