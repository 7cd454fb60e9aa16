// The result of the call, out of the results that numbers.yaml has for the line.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { doAct } from "../parts/toasts";
import type { Call } from "../protocol";
import { _ } from "../texts";
import { useAids } from "./aids";

export function Result({ call }: { call: Call }): JSX.Element {
  const offered = useAids(call.number)?.results ?? [];
  const [chosen, setChosen] = useState("");
  const choose = async (result: string): Promise<void> => {
    setChosen(result);
    if ((await doAct("call.result", { call_id: call.call_id, result })) === null) setChosen("");
  };
  return (
    <fieldset class="results">
      <legend>{_("How did the call end?")}</legend>
      {offered.map((result) => (
        <label key={result} class="choice">
          <input
            type="radio"
            name={`result-${call.call_id}`}
            checked={chosen === result}
            onChange={() => void choose(result)}
          />
          {result}
        </label>
      ))}
    </fieldset>
  );
}
