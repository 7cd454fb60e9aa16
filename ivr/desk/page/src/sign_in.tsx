// Signing in: user, password, and a code if the person has a second factor.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Settings } from "./parts/settings_bar";
import { Refused } from "./rest";
import { signIn } from "./session";
import { _ } from "./texts";

export function SignIn(): JSX.Element {
  const [problem, setProblem] = useState("");
  const [codeNeeded, setCodeNeeded] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? "");
    setBusy(true);
    setProblem("");
    try {
      await signIn(value("user"), value("password"), value("code"));
    } catch (error) {
      if (error instanceof Refused && error.code === "code-needed") setCodeNeeded(true);
      else setProblem(error instanceof Refused ? error.message : _("The hotline does not answer. Try again."));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>{_("12345 hotline desk")}</h1>
        <label class="field">
          {_("User")}
          <input name="user" autocomplete="username" required autofocus />
        </label>
        <label class="field">
          {_("Password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {codeNeeded && (
          <label class="field">
            {_("Code of your authenticator")}
            <input name="code" inputMode="numeric" autocomplete="one-time-code" required autofocus />
          </label>
        )}
        {problem && (
          <p class="mark emergency" role="alert">
            {problem}
          </p>
        )}
        <button class="main" disabled={busy}>
          {_("Log in")}
        </button>
      </form>
      <Settings />
    </main>
  );
}
