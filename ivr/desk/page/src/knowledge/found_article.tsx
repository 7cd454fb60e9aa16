// An article that a search found: the short answer, the long answer on demand, and the agent's acts.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { noteAddition } from "../agent/note_addition";
import { Button } from "../parts/button";
import { tell } from "../parts/toasts";
import { _ } from "../texts";
import type { FoundArticle } from "./knowledge_types";
import { ReportDialog } from "./report_dialog";

interface FoundArticleProps {
  found: FoundArticle;
  call: string | null; // the call whose notes take the answer
}

export function FoundArticleView({ found, call }: FoundArticleProps): JSX.Element {
  const [reporting, setReporting] = useState(false);
  const intoNotes = (): void => {
    if (call) noteAddition.value = { call, text: `【${found.title}】${found.short}` };
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(found.short);
    tell("done", _("Copied"), found.title);
  };
  return (
    <li class="found-article">
      <h2>
        {found.title} {found.shipped && <span class="mark">{_("Not checked by its unit")}</span>}{" "}
        {found.open_reports > 0 && <span class="mark">{_("Reported as wrong")}</span>}
      </h2>
      <p>{found.short}</p>
      <details>
        <summary>{_("More")}</summary>
        <p class="long-answer">{found.long}</p>
        <ul class="sources" aria-label={_("Sources")}>
          {found.sources.map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ul>
        <p class="quiet">
          {found.unit} · {_("valid until {day}", { day: found.valid_until || "—" })}
        </p>
      </details>
      <div class="acts">
        {call && <Button onPress={intoNotes}>{_("Into the notes")}</Button>}
        <Button onPress={copy}>{_("Copy")}</Button>
        <Button onPress={() => setReporting(true)}>{_("Wrong?")}</Button>
      </div>
      {reporting && (
        <ReportDialog
          article={found.article}
          title={found.title}
          call={call}
          onClose={() => setReporting(false)}
        />
      )}
    </li>
  );
}
