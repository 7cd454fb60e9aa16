// The effects of the draft before it is put in force: the changes, the numbers whose calls change, and the route of a call.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { tellError } from "../parts/toasts";
import { get } from "../rest";
import { _ } from "../texts";
import { draft } from "./draft";

interface Difference {
  changes: { kind: string; subject: string; text: string }[];
  rerouted: string[];
  recordings: string[];
  orders: boolean;
}

interface Step {
  text: string;
  reason: string;
  at: string | null;
}

interface TriedCall {
  dialled: string;
  name: string;
  line: string;
  time: string;
  steps: Step[];
  menu: { key: string; topic: string; steps: Step[] }[];
}

export function RegistryEffects(): JSX.Element {
  if ((draft.value?.problems.length ?? 0) > 0)
    return <p class="problem">{_("The draft has problems: {count}. Correct them first.", { count: draft.value?.problems.length ?? 0 })}</p>;
  return (
    <>
      <Changes />
      <Trial />
    </>
  );
}

function Changes(): JSX.Element {
  const difference = useLoaded<Difference>("/registry/draft/difference", draft.value?.version);
  if (!difference) return <p class="quiet">{_("Loading …")}</p>;
  const unchanged = difference.changes.length + difference.recordings.length === 0 && !difference.orders;
  return (
    <section aria-labelledby="changes-title">
      <h3 id="changes-title">{_("Changes of what is in force")}</h3>
      {unchanged && <p>{_("Nothing would change.")}</p>}
      <ul class="changes">
        {difference.changes.map(({ subject, text }) => (
          <li key={subject + text}>
            <strong>{subject}</strong> {text}
          </li>
        ))}
        {difference.recordings.map((prompt) => (
          <li key={prompt}>{_("Another recording: {prompt}", { prompt })}</li>
        ))}
      </ul>
      {difference.rerouted.length > 0 ? (
        <p class="mark">{_("Calls to these numbers would be routed differently: {numbers}", { numbers: difference.rerouted.join(", ") })}</p>
      ) : (
        !unchanged && <p>{_("Every call would be routed as now.")}</p>
      )}
    </section>
  );
}

function Trial(): JSX.Element {
  const [number, setNumber] = useState("12345");
  const [at, setAt] = useState("");
  const [tried, setTried] = useState<TriedCall | null>(null);
  const attempt = async (): Promise<void> => {
    try {
      setTried(await get<TriedCall>(`/registry/draft/route?${new URLSearchParams({ number, at })}`));
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <section aria-labelledby="trial-title">
      <h3 id="trial-title">{_("Try a call by the draft")}</h3>
      <div class="search">
        <TextField label={_("Number dialled")} value={number} onChange={setNumber} />
        <TextField kind="datetime-local" label={_("When; empty: now")} value={at} onChange={setAt} />
      </div>
      <div class="acts">
        <Button onPress={attempt}>{_("Show the steps of the call")}</Button>
      </div>
      {tried && (
        <div class="tried">
          <p>
            <strong>
              {tried.dialled} {tried.name}
            </strong>{" "}
            {tried.line !== tried.dialled && `→ ${tried.line}`}
          </p>
          <Steps steps={tried.steps} />
          {tried.menu.map(({ key, topic, steps }) => (
            <details key={key}>
              <summary>{_("Key {key}: {topic}", { key, topic: topic || "–" })}</summary>
              <Steps steps={steps} />
            </details>
          ))}
        </div>
      )}
    </section>
  );
}

function Steps({ steps }: { steps: Step[] }): JSX.Element {
  return (
    <ol>
      {steps.map(({ text, reason, at }, position) => (
        <li key={position}>
          {text} <span class="quiet">{`${reason}${at ? ` (${at})` : ""}`}</span>
        </li>
      ))}
    </ol>
  );
}
