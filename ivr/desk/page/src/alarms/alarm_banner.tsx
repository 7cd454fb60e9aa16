// The open alarms above every view, for a person who may acknowledge them, with a sound until all are acknowledged.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { clockTime } from "../clock";
import { state } from "../live";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { doAct } from "../parts/toasts";
import type { Alarm } from "../protocol";
import { may } from "../session";
import { _ } from "../texts";
import { alarmText } from "./alarm_words";
import { soundAlarm } from "./alarm_sound";

const LONGEST = 500;

export function AlarmBanner(): JSX.Element {
  const open = useComputed(() => (may.value.has("alarm.acknowledge") ? Object.values(state.value?.alarms ?? {}) : []));
  const sounding = useComputed(() => open.value.some((alarm) => alarm.acknowledged_by === null));
  const chosen = useSignal<Alarm | null>(null);
  useSignalEffect(() => (sounding.value ? soundAlarm() : undefined));
  return (
    <section class="alarms" aria-label={_("Alarms")} role="region" aria-live="assertive">
      {open.value.map((alarm) => (
        <div key={alarm.alarm} class={`alarm-line ${alarm.acknowledged_by === null ? "loud" : ""}`}>
          <strong>{alarmText(alarm)}</strong>
          <span class="time">{_("since {time}", { time: clockTime(alarm.raised_at) })}</span>
          {alarm.acknowledged_by === null ? (
            <Button onPress={() => (chosen.value = alarm)}>{_("Acknowledge")}</Button>
          ) : (
            <span>
              {_("{name} takes care of it", { name: alarm.acknowledged_by })} {alarm.note}
            </span>
          )}
        </div>
      ))}
      {chosen.value && <Acknowledge alarm={chosen.value} onClose={() => (chosen.value = null)} />}
    </section>
  );
}

function Acknowledge({ alarm, onClose }: { alarm: Alarm; onClose: () => void }): JSX.Element {
  const note = useSignal("");
  const take = async (): Promise<void> => {
    if (await doAct("alarm.acknowledge", { alarm: alarm.alarm, note: note.value })) onClose();
  };
  return (
    <Dialog title={_("Acknowledge the alarm")} onClose={onClose}>
      <p>{alarmText(alarm)}</p>
      <div class="field">
        <label for="alarm-note">{_("Work on the alarm")}</label>
        <textarea id="alarm-note" maxLength={LONGEST} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </div>
      <div class="acts">
        <Button onPress={take} look="main">
          {_("Acknowledge")}
        </Button>
        <Button onPress={onClose}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
