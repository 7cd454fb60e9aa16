// The knowledge base beside a call. It searches for the words that the agent types or, before that, for the caller's words at
// the menu.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { current, finished, ringing } from "../agent/my_call";
import { useLoaded } from "../parts/loaded";
import { _ } from "../texts";
import { FoundArticleView } from "./found_article";
import type { FoundArticle } from "./knowledge_types";

const TYPING_MS = 150;
const typed = signal("");

export function KnowledgeTab(): JSX.Element {
  const call = ringing.value ?? current.value ?? finished.value;
  const callersWords = call?.said.map(({ text }) => text).join(" / ") ?? "";
  const query = useSettled(typed.value.trim(), TYPING_MS);
  const condition = query
    ? `q=${encodeURIComponent(query)}`
    : call && callersWords
      ? `call_id=${encodeURIComponent(call.call_id)}`
      : "";
  const found = useLoaded<{ query: string; articles: FoundArticle[] }>(
    condition ? `/knowledge/search?limit=5&${condition}` : null,
    callersWords,
  );
  return (
    <section class="knowledge-tab">
      <search>
        <label class="field">
          {_("Search the knowledge base")}
          <input
            type="search"
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </label>
      </search>
      {!query && callersWords && <p class="quiet">{_("For the caller's words: {words}", { words: callersWords })}</p>}
      {condition && found && found.articles.length === 0 && <p class="quiet">{_("No article answers that.")}</p>}
      <ul class="records" aria-label={_("Articles found")} aria-live="polite">
        {condition &&
          found?.articles.map((article) => <FoundArticleView key={article.article} found={article} call={call?.call_id ?? null} />)}
      </ul>
    </section>
  );
}

/** Return the value as soon as it has not changed for `ms` milliseconds; until then, the value before. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
