// A list of articles with its conditions.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../parts/button";
import { ChoiceField, TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { _ } from "../texts";
import { acted } from "./knowledge_requests";
import type { Article, ArticleState, ArticleWords } from "./knowledge_types";

const SOON = "expiring"; // released and expired within a month
const REPORTED = "reported";
const state = signal("");
const words = signal("");
const unit = signal("");

function query(): string {
  const conditions = new URLSearchParams({ limit: "500" });
  if (words.value) conditions.set("words", words.value);
  if (unit.value) conditions.set("unit", unit.value);
  if (state.value === SOON) conditions.set("expires_within", "30");
  else if (state.value === REPORTED) conditions.set("reported", "1");
  else if (state.value) conditions.set("state", state.value);
  return `/knowledge/articles?${conditions.toString()}`;
}

interface ArticleListProps {
  words: ArticleWords;
  chosen: string;
  onChoose: (article: string) => void;
  onNew: () => void;
}

export function ArticleList({ words: directory, chosen, onChoose, onNew }: ArticleListProps): JSX.Element {
  const listed = useLoaded<{ articles: Article[]; more: boolean }>(query(), acted.value);
  const states = {
    "": _("all"),
    ...directory.states,
    [SOON]: _("Expired within 30 days"),
    [REPORTED]: _("Reported as wrong"),
  };
  return (
    <section class="panel order-list" aria-labelledby="articles-title">
      <h2 id="articles-title">{_("Articles")}</h2>
      {"write" in directory.acts && <Button onPress={onNew}>{_("New article")}</Button>}
      <search class="conditions">
        <ChoiceField label={_("State")} value={state.value} onChange={(chosenState) => (state.value = chosenState)} choices={states} />
        {directory.role === "reviewer" && (
          <ChoiceField
            label={_("Unit")}
            value={unit.value}
            onChange={(chosenUnit) => (unit.value = chosenUnit)}
            choices={{ "": _("all"), ...Object.fromEntries(directory.units.map((name) => [name, name])) }}
          />
        )}
        <TextField label={_("Words")} kind="search" value={words.value} onChange={(text) => (words.value = text)} />
      </search>
      {listed && listed.articles.length === 0 && <p class="quiet">{_("No articles.")}</p>}
      <ul class="records" aria-label={_("Articles")}>
        {listed?.articles.map((article) => (
          <li key={article.article}>
            <button
              type="button"
              class="order-line"
              aria-pressed={article.article === chosen}
              onClick={() => onChoose(article.article)}
            >
              <strong>{article.content.title}</strong>
              <span>
                {article.shipped && <span class="mark">{_("Not checked by its unit")}</span>}{" "}
                {article.open_reports > 0 && <span class="mark">{_("Reported as wrong")}</span>}{" "}
                {article.expired && <span class="mark emergency">{_("Expired")}</span>}
              </span>
              <span class="quiet">
                {stateWord(directory, article.state)} · {article.content.unit} · {article.content.line}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {listed?.more && <p class="quiet">{_("There are more; narrow the conditions.")}</p>}
    </section>
  );
}

export const stateWord = (words: ArticleWords, state: ArticleState): string => words.states[state];
