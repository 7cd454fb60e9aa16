// Tokens of a city's own programs. A new token is shown once; an admin can revoke it.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Confirm } from "../parts/confirm";
import { Dialog } from "../parts/dialog";
import { CheckFields, TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { doAct, tellError } from "../parts/toasts";
import { Refused, request } from "../rest";
import { _ } from "../texts";

interface Token {
  name: string;
  scopes: string[];
  made_at: string;
  until: string | null;
}

const version = signal(0);
const adding = signal(false);
const made = signal("");
const removed = signal("");
const none: string[] = [];

export function TokensTab(): JSX.Element {
  const listed = useLoaded<{ tokens: Token[]; scopes: string[] }>("/tokens", version.value);
  return (
    <section aria-labelledby="tokens-title">
      <header class="acts">
        <h2 id="tokens-title">{_("Tokens")}</h2>
        <Button onPress={() => (adding.value = true)} look="main">
          {_("Make a token")}
        </Button>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Program")}</th>
            <th scope="col">{_("Scopes")}</th>
            <th scope="col">{_("Made")}</th>
            <th scope="col">{_("Until")}</th>
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {(listed?.tokens ?? []).map(({ name, scopes, made_at, until }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{scopes.join(", ")}</td>
              <td class="time">{made_at.slice(0, 10)}</td>
              <td class="time">{until?.slice(0, 10) ?? "–"}</td>
              <td>
                <div class="acts">
                  <Button onPress={() => (removed.value = name)} look="danger">
                    {_("Revoke")}
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {adding.value && <TokenForm scopes={listed?.scopes ?? none} />}
      {made.value && (
        <Dialog title={_("The new token")} onClose={() => (made.value = "")}>
          <p class="secret">
            <code>{made.value}</code>
          </p>
          <p class="hint">{_("It is shown once.")}</p>
          <Button onPress={() => (made.value = "")} look="main">
            {_("Close")}
          </Button>
        </Dialog>
      )}
      {removed.value && (
        <Confirm
          question={_("Revoke the token of {name}? The program is refused at once.", { name: removed.value })}
          act={_("Revoke")}
          onYes={async () => {
            await doAct("tokens.remove", { name: removed.value });
            version.value += 1;
          }}
          onClose={() => (removed.value = "")}
        />
      )}
    </section>
  );
}

function TokenForm({ scopes }: { scopes: string[] }): JSX.Element {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [until, setUntil] = useState("");
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const problem = (field: string): string | undefined => (refusal?.field === field ? refusal.message : undefined);
  const save = async (): Promise<void> => {
    try {
      const expiry = until ? { until: `${until}T23:59:59+08:00` } : {};
      made.value = (await request<{ token: string }>("POST", "/tokens", { name, scopes: chosen, ...expiry })).token;
      adding.value = false;
      version.value += 1;
    } catch (error) {
      if (error instanceof Refused && error.field) setRefusal(error);
      else tellError(error);
    }
  };
  return (
    <Dialog title={_("Make a token")} onClose={() => (adding.value = false)}>
      <TextField label={_("Program")} value={name} onChange={setName} problem={problem("name")} />
      <TextField kind="date" label={_("Until")} value={until} onChange={setUntil} problem={problem("until")} />
      <div class="entry-form">
        <CheckFields
          label={_("Scopes")}
          value={chosen}
          onChange={setChosen}
          choices={Object.fromEntries(scopes.map((scope) => [scope, scope]))}
          problem={problem("scopes")}
        />
      </div>
      <div class="acts">
        <Button onPress={save} look="main">
          {_("Make a token")}
        </Button>
        <Button onPress={() => (adding.value = false)}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
