// The text of numbers.yaml with line numbers. A press on a problem shows its line.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { _ } from "../texts";
import { draft, replaceText } from "./draft";

export function RegistryText(): JSX.Element {
  const stored = draft.value?.text ?? "";
  const [text, setText] = useState(stored);
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLPreElement>(null);
  useEffect(() => setText(stored), [stored]);
  const lines = text.split("\n").length;
  const goTo = (line: number): void => {
    const field = area.current;
    if (!field) return;
    const start = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    field.focus();
    field.setSelectionRange(start, text.indexOf("\n", start) < 0 ? text.length : text.indexOf("\n", start));
    field.scrollTop = ((line - 5) / lines) * field.scrollHeight;
  };
  return (
    <section aria-label={_("Text")}>
      <div class="acts">
        <Button onPress={() => replaceText(text)} look="main" disabled={text === stored}>
          {_("Save in the draft")}
        </Button>
      </div>
      <ul class="problems">
        {(draft.value?.problems ?? []).map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.message}`}>
            <button type="button" class="plain" onClick={() => goTo(problem.line)}>
              {problem.line}:{problem.column}
            </button>{" "}
            <span class="problem">{problem.message}</span>
          </li>
        ))}
      </ul>
      <div class="file">
        <pre ref={numbers} aria-hidden="true">
          {Array.from({ length: lines }, (_empty, index) => index + 1).join("\n")}
        </pre>
        <textarea
          ref={area}
          class="code"
          spellcheck={false}
          wrap="off"
          aria-label={_("Text of numbers.yaml")}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onScroll={(event) => {
            if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
    </section>
  );
}
