// The result of a callback. After the citizen has hung up, a prompt asks the agent for it; a button here or a key answers.

import type { JSX } from "preact";
import { Button } from "../parts/button";
import { doAct } from "../parts/toasts";
import { _, type Text } from "../texts";

const RESULTS: Record<string, Text> = {
  reached: "Reached",
  voicemail: "Voicemail",
  "wrong-number": "Wrong number",
  again: "Try again later",
};

export function CallbackResult(): JSX.Element {
  return (
    <fieldset class="results">
      <legend>{_("How did the callback end? Choose once the citizen has hung up.")}</legend>
      <div class="acts">
        {Object.entries(RESULTS).map(([result, text]) => (
          <Button key={result} onPress={() => doAct("callback.result", { result })}>
            {_(text)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
