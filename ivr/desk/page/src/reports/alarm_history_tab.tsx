// The alarms of the last thirty days, each with the person who acknowledged it.

import type { JSX } from "preact";
import { clockTime } from "../clock";
import { state } from "../live";
import { useLoaded } from "../parts/loaded";
import { language } from "../settings";
import { _ } from "../texts";

interface PastAlarm {
  id: number;
  text: string;
  raised_at: string;
  acknowledged_at: string | null;
  acknowledged_by: string;
  note: string;
  ended_at: string | null;
}

export function AlarmHistoryTab(): JSX.Element {
  const version = `${language.value} ${JSON.stringify(state.value?.alarms)}`;
  const alarms = useLoaded<{ alarms: PastAlarm[] }>("/alarms", version)?.alarms;
  return (
    <section aria-labelledby="past-alarms">
      <h2 id="past-alarms">{_("Alarms of the last thirty days")}</h2>
      {alarms?.length === 0 && <p>{_("No alarm")}</p>}
      {alarms && alarms.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{_("Raised")}</th>
              <th scope="col">{_("Fault")}</th>
              <th scope="col">{_("Over")}</th>
              <th scope="col">{_("Acknowledged by")}</th>
              <th scope="col">{_("Work on the alarm")}</th>
            </tr>
          </thead>
          <tbody>
            {alarms.map((alarm) => (
              <tr key={alarm.id}>
                <td class="time">{clockTime(alarm.raised_at)}</td>
                <th scope="row">{alarm.text}</th>
                <td class="time">{alarm.ended_at ? clockTime(alarm.ended_at) : _("open")}</td>
                <td>{alarm.acknowledged_by || "–"}</td>
                <td class="note">{alarm.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
