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

const looked = signal<Version | null>(null);
const wanted = signal<Version | null>(null);
const when = cityMoment;

export function RegistryHistory(): JSX.Element {
  const kept = useLoaded<{ history: Version[] }>("/registry/history", overview.value)?.history ?? [];
  const { planned = [], over = [] } = overview.value ?? {};
  return (
    <>
      <section aria-labelledby="planned-title">
        <h3 id="planned-title">{_("Planned changes")}</h3>
        {planned.length + over.length === 0 && <p class="quiet">{_("None")}</p>}
        <ul class="changes">
          {[...planned, ...over].map((one) => (
            <Planned key={one.id} draft={one} />
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
            {kept.map((one, position) => (
              <tr key={one.id}>
                <td class="time">{when(one.at)}</td>
                <td>{one.by || "?"}</td>
                <td>
                  {position === 0 ? (
                    <span class="state ready">{_("In force")}</span>
                  ) : (
                    <div class="acts">
                      <button type="button" onClick={() => (looked.value = one)} aria-label={`${_("Compare")} ${when(one.at)}`}>
                        {_("Compare")}
                      </button>
                      <button type="button" onClick={() => (wanted.value = one)} aria-label={`${_("Roll back")} ${when(one.at)}`}>
                        {_("Roll back")}
                      </button>
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {looked.value && <Compared version={looked.value} />}
        {wanted.value && (
          <Confirm
            question={_("Put the registry of {at} in force again, with the recordings of its time?", { at: when(wanted.value.at) })}
            act={_("Roll back")}
            onYes={() => rollBack(wanted.value as Version)}
            onClose={() => (wanted.value = null)}
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
      {when(draft.due_at)} {draft.user}{" "}
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

function Compared({ version }: { version: Version }): JSX.Element {
  const found = useLoaded<{ difference: string; problems: string[] }>(`/registry/history/${version.id}`);
  return (
    <section aria-label={_("Compare")}>
      <h4>{_("What a rollback to {at} would change", { at: when(version.at) })}</h4>
      {found?.problems.map((problem) => (
        <p key={problem} class="problem">
          {problem}
        </p>
      ))}
      {found && <Lines text={found.difference || _("Nothing would change.")} />}
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
