// The state of the hotline: the doctor, trunks, refused requests, the SIP of the last calls. And a backup.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { cityMoment } from "../clock";
import { Button } from "../parts/button";
import { TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { tellError } from "../parts/toasts";
import { request } from "../rest";
import { _, type Text } from "../texts";

interface Finding {
  node?: string; // of a cluster
  check: string;
  level: "ok" | "warning" | "problem";
  text: string;
  advice: string;
}

interface Refusal {
  last_at: string;
  count: number;
  kind: string;
  method: string;
  source: string;
  caller: string;
  dialled: string;
  code: number;
}

interface Trunk {
  trunk: string;
  node?: string; // of a cluster: the node that reports this state of the trunk
  up: boolean;
  last_in: string | null;
  last_out: string | null;
  failure: string;
  failed_host: string;
}

const DOCTOR_MS = 100_000;
const LEVEL: Record<Finding["level"], { title: Text; look: string }> = {
  ok: { title: "In order", look: "state ready" },
  warning: { title: "Warning", look: "mark" },
  problem: { title: "Problem", look: "mark emergency" },
};

export function HealthTab(): JSX.Element {
  return (
    <>
      <h2 class="unseen">{_("State and backup")}</h2>
      <Doctor />
      <Trunks />
      <Refusals />
      <Traces />
      <Backup />
    </>
  );
}

function Doctor(): JSX.Element {
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const examine = async (): Promise<void> => {
    try {
      setFindings((await request<{ findings: Finding[] }>("GET", "/health/doctor", undefined, DOCTOR_MS)).findings);
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <section class="panel" aria-labelledby="doctor-title">
      <header class="acts">
        <h3 id="doctor-title">{_("Doctor")}</h3>
        <Button onPress={examine}>{_("Examine")}</Button>
      </header>
      <ul class="changes">
        {(findings ?? []).map(({ node = "", check, level, text, advice }) => (
          <li key={`${node} ${check}`}>
            <span class={LEVEL[level].look}>{_(LEVEL[level].title)}</span> {node} <strong>{check}</strong> {text}
            {advice && ` → ${advice}`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Trunks(): JSX.Element {
  const trunks = useLoaded<{ trunks: Trunk[] }>("/health/trunks")?.trunks ?? [];
  return (
    <section class="panel" aria-labelledby="trunks-title">
      <h3 id="trunks-title">{_("Trunks")}</h3>
      {trunks.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{_("Trunk")}</th>
              <th scope="col">{_("State")}</th>
              <th scope="col">{_("Last message from it")}</th>
              <th scope="col">{_("Last message to it")}</th>
              <th scope="col">{_("Last failure")}</th>
            </tr>
          </thead>
          <tbody>
            {trunks.map(({ trunk, node = "", up, last_in, last_out, failure, failed_host }) => (
              <tr key={`${node} ${trunk}`}>
                <th scope="row">
                  {node} {trunk}
                </th>
                <td>{up ? <span class="state ready">{_("In order")}</span> : <span class="problem">{_("Down")}</span>}</td>
                <td class="time">{cityMoment(last_in) || "–"}</td>
                <td class="time">{cityMoment(last_out) || "–"}</td>
                <td>{[failure, failed_host].filter(Boolean).join(" · ") || "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Refusals(): JSX.Element {
  const refusals = useLoaded<{ refusals: Refusal[] }>("/health/refusals")?.refusals ?? [];
  return (
    <section class="panel" aria-labelledby="refusals-title">
      <h3 id="refusals-title">{_("Requests refused in the last week")}</h3>
      {refusals.length === 0 ? (
        <p class="quiet">{_("None")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{_("Last time")}</th>
              <th scope="col">{_("Count")}</th>
              <th scope="col">{_("Request")}</th>
              <th scope="col">{_("From")}</th>
              <th scope="col">{_("Caller")}</th>
              <th scope="col">{_("Number dialled")}</th>
              <th scope="col">{_("Cause")}</th>
            </tr>
          </thead>
          <tbody>
            {refusals.map((refusal, position) => (
              <tr key={position}>
                <td class="time">{cityMoment(refusal.last_at)}</td>
                <td>{refusal.count}</td>
                <td>{refusal.method}</td>
                <td>{refusal.source}</td>
                <td>{refusal.caller}</td>
                <td>{refusal.dialled}</td>
                <td>
                  {refusal.code} {refusal.kind}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Traces(): JSX.Element {
  const [number, setNumber] = useState("");
  const [minutes, setMinutes] = useState("10");
  const [dialogs, setDialogs] = useState<string[][] | null>(null);
  const [callId, setCallId] = useState("");
  const showEvents = async (): Promise<void> => {
    try {
      const path = `/health/calls/${encodeURIComponent(callId.trim())}`;
      const { events } = await request<{ events: { source: string; line: string }[] }>("GET", path);
      setDialogs(events.length > 0 ? [events.map(({ source, line }) => `${source.padEnd(9)} ${line}`)] : []);
    } catch (error) {
      tellError(error);
    }
  };
  const show = async (): Promise<void> => {
    try {
      const query = new URLSearchParams({ number, minutes });
      setDialogs((await request<{ dialogs: string[][] }>("GET", `/health/trace?${query}`)).dialogs);
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <section class="panel" aria-labelledby="traces-title">
      <h3 id="traces-title">{_("SIP of the last calls")}</h3>
      <p class="hint">{_("It has callers' whole numbers; the audit log records each look.")}</p>
      <div class="search">
        <TextField label={_("Number")} value={number} onChange={setNumber} />
        <TextField kind="number" label={_("Minutes")} value={minutes} onChange={setMinutes} />
      </div>
      <div class="acts">
        <Button onPress={show}>{_("Show")}</Button>
      </div>
      <div class="search">
        <TextField label={_("Id of a call")} value={callId} onChange={setCallId} />
      </div>
      <div class="acts">
        <Button onPress={showEvents} disabled={!callId}>
          {_("Show the call's events")}
        </Button>
      </div>
      {dialogs?.length === 0 && <p class="quiet">{_("None")}</p>}
      {(dialogs ?? []).map((lines, position) => (
        <pre key={position} class="difference" tabIndex={0}>
          {lines.join("\n")}
        </pre>
      ))}
    </section>
  );
}

function Backup(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="backup-title">
      <h3 id="backup-title">{_("Backup")}</h3>
      <p>
        {_(
          "Registry, own recordings, history, call logs and the database. Left out: passwords of seats and trunks, TLS keys, second factors, sessions, messages and recordings of callers.",
        )}
      </p>
      <p>
        <a href="/api/v1/backup" download>
          {_("Download the backup")}
        </a>
      </p>
    </section>
  );
}
