// Planned changes, and every registry that was in force: compared, and put in force again.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { cityMoment } from "../clock";
import { Button } from "../parts/button";
import { Confirm } from "../parts/confirm";
import { useLoaded } from "../parts/loaded";
import { doAct, tell, tellError } from "../parts/toasts";
import { _ } from "../texts";
import { load, overview, registryAct, type StoredDraft } from "./draft";

interface Version {
  id: string;
  at: string;
  by: string;
}

const compared = signal<Version | null>(null);
const rolledBack = signal<Version | null>(null);

export function RegistryHistory(): JSX.Element {
  const versions = useLoaded<{ history: Version[] }>("/registry/history", overview.value)?.history ?? [];
  const { planned = [], over = [] } = overview.value ?? {};
  return (
    <>
      <section aria-labelledby="planned-title">
        <h3 id="planned-title">{_("Planned changes")}</h3>
        {planned.length + over.length === 0 && <p class="quiet">{_("None")}</p>}
        <ul class="changes">
          {[...planned, ...over].map((draft) => (
            <Planned key={draft.id} draft={draft} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="history-title">
        <h3 id="history-title">{_("History")}</h3>
        <table>
          <thead>
            <tr>
              <th scope="col">{_("In force since")}</th>
              <th scope="col">{_("Applied by")}</th>
              <th scope="col">{_("Acts")}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version, position) => (
              <tr key={version.id}>
                <td class="time">{cityMoment(version.at)}</td>
                <td>{version.by || "?"}</td>
                <td>
                  {position === 0 ? (
                    <span class="state ready">{_("In force")}</span>
                  ) : (
                    <div class="acts">
                      <button type="button" onClick={() => (compared.value = version)} aria-label={`${_("Compare")} ${cityMoment(version.at)}`}>
                        {_("Compare")}
                      </button>
                      <button type="button" onClick={() => (rolledBack.value = version)} aria-label={`${_("Roll back")} ${cityMoment(version.at)}`}>
                        {_("Roll back")}
                      </button>
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {compared.value && <Comparison version={compared.value} />}
        {rolledBack.value && (
          <Confirm
            question={_("Put the registry of {at} in force again, with the recordings of its time?", { at: cityMoment(rolledBack.value.at) })}
            act={_("Roll back")}
            onYes={() => rollBack(rolledBack.value as Version)}
            onClose={() => (rolledBack.value = null)}
          />
        )}
      </section>
    </>
  );
}

function Planned({ draft }: { draft: StoredDraft }): JSX.Element {
  const withdraw = async (): Promise<void> => {
    await doAct("registry.withdraw", { id: draft.id });
    await load();
  };
  return (
    <li>
      {cityMoment(draft.due_at)} {draft.user}{" "}
      {draft.state === "planned" ? (
        <Button onPress={withdraw}>{_("Withdraw")}</Button>
      ) : draft.state === "applied" ? (
        <span class="state ready">{_("In force")}</span>
      ) : (
        <span class="problem note">{draft.result}</span>
      )}
    </li>
  );
}

function Comparison({ version }: { version: Version }): JSX.Element {
  const comparison = useLoaded<{ difference: string; problems: string[] }>(`/registry/history/${version.id}`);
  return (
    <section aria-label={_("Compare")}>
      <h4>{_("What a rollback to {at} would change", { at: cityMoment(version.at) })}</h4>
      {comparison?.problems.map((problem) => (
        <p key={problem} class="problem">
          {problem}
        </p>
      ))}
      {comparison && <Lines text={comparison.difference || _("Nothing would change.")} />}
    </section>
  );
}

/** A difference of texts, line by line. */
export function Lines({ text }: { text: string }): JSX.Element {
  return (
    <pre class="difference" tabIndex={0}>
      {text.split("\n").map((line, position) => (
        <span key={position} class={line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : ""}>
          {`${line}\n`}
        </span>
      ))}
    </pre>
  );
}

async function rollBack({ id }: Version): Promise<void> {
  try {
    const { files } = await registryAct<{ files: string }>("registry.roll-back", { id });
    const left = files === "left" && _("numbers.yaml holds changes that are not in force; it was not changed.");
    tell(left ? "message" : "done", _("Rolled back"), left || "");
  } catch (error) {
    tellError(error);
  }
  await load();
}
