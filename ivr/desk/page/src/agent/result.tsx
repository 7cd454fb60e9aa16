// How the call ended: the results that the line offers.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { doAct } from "../parts/toasts";
import type { Call } from "../protocol";
import { get } from "../rest";
import { _ } from "../texts";

interface Offered {
  result: string;
  title: string;
}

export function Result({ call }: { call: Call }): JSX.Element {
  const [offered, setOffered] = useState<Offered[]>([]);
  const [chosen, setChosen] = useState("");
  useEffect(() => {
    void get<{ results: Offered[] }>(`/results?number=${encodeURIComponent(call.number)}`)
      .then(({ results }) => setOffered(results))
      .catch(() => undefined); // then there is nothing to choose from, and notes can be written all the same
  }, [call.number]);
  const choose = async (result: string): Promise<void> => {
    setChosen(result);
    if ((await doAct("call.result", { call_id: call.call_id, result })) === null) setChosen("");
  };
  return (
    <fieldset class="results">
      <legend>{_("How did the call end?")}</legend>
      {offered.map(({ result, title }) => (
        <label key={result} class="choice">
          <input
            type="radio"
            name={`result-${call.call_id}`}
            checked={chosen === result}
            onChange={() => void choose(result)}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
