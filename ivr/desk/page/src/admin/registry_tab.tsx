// The registry: edited in a draft, checked, compared, tried, and put in force now or at a time.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { cityMoment } from "../clock";
import { Button } from "../parts/button";
import { Confirm } from "../parts/confirm";
import { TextField } from "../parts/fields";
import { Tabs } from "../parts/tabs";
import { doAct, tell, tellError } from "../parts/toasts";
import { Refused } from "../rest";
import { me } from "../session";
import { _ } from "../texts";
import { type Conflict, draft, load, overview, registryAct, replaceText } from "./draft";
import { RegistryEffects } from "./registry_effects";
import { Lines, RegistryHistory } from "./registry_history";
import { RegistryTable } from "./registry_table";
import { RegistryText } from "./registry_text";

type Part = "table" | "text" | "effects" | "history";
const part = signal<Part>("table");
const discarding = signal(false);
const overlap = signal<{ file: string; digest: string } | null>(null);

export function RegistryTab(): JSX.Element {
  useEffect(() => void load(), []);
  const shown = draft.value;
  return (
    <>
      <h2 class="unseen">{_("Registry")}</h2>
      <InForce />
      {shown?.conflict && <BothSides conflict={shown.conflict} />}
      {(shown?.version ?? 0) > 0 && <PutInForce />}
      {shown && (
        <Tabs
          label={_("Registry")}
          id="registry"
          chosen={part}
          tabs={[
            { id: "table", title: _("Table"), view: RegistryTable },
            { id: "text", title: _("Text"), view: RegistryText, count: shown.problems.length },
            { id: "effects", title: _("Effects"), view: RegistryEffects },
            { id: "history", title: _("History"), view: RegistryHistory },
          ]}
        />
      )}
      {discarding.value && (
        <Confirm
          question={_("Discard your draft?")}
          act={_("Discard the draft")}
          onYes={discard}
          onClose={() => (discarding.value = false)}
        />
      )}
    </>
  );
}

function InForce(): JSX.Element {
  const site = overview.value;
  if (!site) return <p class="quiet">{_("Loading …")}</p>;
  const others = site.open.map(({ user }) => user).filter((user) => user !== me.value?.user);
  return (
    <div class="situation">
      <p>
        <code>{site.file}</code>{" "}
        {_("In force since {at}, by {by}", { at: cityMoment(site.in_force.at), by: site.in_force.by || "?" })}
      </p>
      {site.closed && <p class="mark emergency">{site.closed}</p>}
      {site.file_differs && <p class="mark">{_("The file has changes that are not in force.")}</p>}
      {others.length > 0 && <p>{_("Others who edit a draft: {users}", { users: others.join(_(", ")) })}</p>}
      {(draft.value?.warnings ?? []).map(({ line, message }) => (
        <p key={`${line}${message}`} class="hint">
          {line > 0 && `${line}: `}
          {message}
        </p>
      ))}
    </div>
  );
}

function PutInForce(): JSX.Element {
  const [at, setAt] = useState("");
  const problems = draft.value?.problems.length ?? 0;
  const apply = async (later: boolean): Promise<void> => {
    try {
      await registryAct("registry.apply", { version: draft.value?.version, ...(later ? { at: `${at}:00+08:00` } : {}) });
      tell("done", _("Registry"), later ? _("Planned for {at}", { at: at.replace("T", " ") }) : _("In force for new calls"));
    } catch (error) {
      tellError(error);
      if (!(error instanceof Refused)) return;
    }
    await load();
  };
  return (
    <section class="panel put-in-force" aria-label={_("Put in force")}>
      <p>
        {_("You are editing a draft.")}{" "}
        {problems > 0 && <strong class="problem">{_("Problems: {count}", { count: problems })}</strong>}
      </p>
      <div class="acts">
        <Button onPress={() => apply(false)} look="main" disabled={problems > 0}>
          {_("Put in force now")}
        </Button>
        <TextField kind="datetime-local" label={_("Or at")} value={at} onChange={setAt} />
        <Button onPress={() => apply(true)} disabled={problems > 0 || !at}>
          {_("Plan")}
        </Button>
        <Button onPress={() => (discarding.value = true)}>{_("Discard the draft")}</Button>
      </div>
      {draft.value?.changes && (
        <details>
          <summary>{_("Changed lines")}</summary>
          <Lines text={draft.value.changes} />
        </details>
      )}
    </section>
  );
}

function BothSides({ conflict }: { conflict: Conflict }): JSX.Element {
  const merge = async (): Promise<void> => {
    try {
      await registryAct("registry.merge", { version: draft.value?.version });
      overlap.value = null;
      await load();
    } catch (error) {
      tellError(error);
      if (error instanceof Refused && error.code === "overlap")
        overlap.value = { file: String(error.more["file"]), digest: String(error.more["digest"]) };
    }
  };
  const takeMine = async (): Promise<void> => {
    const other = overlap.value;
    if (other) await replaceText(draft.value?.text ?? "", other.digest);
    overlap.value = null;
  };
  return (
    <section class="panel" aria-labelledby="conflict-title">
      <h3 id="conflict-title">{_("The site's files were changed since your draft began")}</h3>
      {conflict.recordings && <p>{_("Recordings were changed, too.")}</p>}
      <div class="both-sides">
        <div>
          <h4>{_("Their changes")}</h4>
          <Lines text={conflict.theirs} />
        </div>
        <div>
          <h4>{_("Your changes")}</h4>
          <Lines text={conflict.mine} />
        </div>
      </div>
      <div class="acts">
        <Button onPress={merge} look="main">
          {_("Merge both changes")}
        </Button>
        {overlap.value && <Button onPress={takeMine}>{_("My text has both changes")}</Button>}
      </div>
      {overlap.value && (
        <details>
          <summary>{_("The file as it is now")}</summary>
          <Lines text={overlap.value.file} />
        </details>
      )}
    </section>
  );
}

async function discard(): Promise<void> {
  await doAct("registry.discard", { version: draft.value?.version });
  await load();
}
