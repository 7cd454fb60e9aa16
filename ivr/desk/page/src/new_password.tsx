// A person who signs in with a password from an admin has to choose another password first.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Refused, request } from "./rest";
import { me, signIn } from "./session";
import { _ } from "./texts";

export function NewPassword(): JSX.Element {
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? "");
    if (value("new") !== value("again")) return setProblem(_("The two new passwords differ."));
    try {
      await request("POST", "/session/password", { old: value("old"), new: value("new") });
      await signIn(me.value?.user ?? "", value("new"), "");
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : _("The hotline does not answer. Try again."));
    }
    return undefined;
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>{_("A new password")}</h1>
        <p>{_("An admin knows your password. Choose one of your own.")}</p>
        <input name="user" type="hidden" autocomplete="username" value={me.value?.user ?? ""} />
        <Field name="old" title={_("The password until now")} kind="current-password" />
        <Field name="new" title={_("The new password")} kind="new-password" />
        <Field name="again" title={_("The new password once more")} kind="new-password" />
        {problem && (
          <p class="mark emergency" role="alert">
            {problem}
          </p>
        )}
        <button class="main">{_("Change the password")}</button>
      </form>
    </main>
  );
}

interface FieldProps {
  name: string;
  title: string;
  kind: "current-password" | "new-password";
}

function Field({ name, title, kind }: FieldProps): JSX.Element {
  return (
    <label class="field">
      {title}
      <input name={name} type="password" autocomplete={kind} required />
    </label>
  );
}
