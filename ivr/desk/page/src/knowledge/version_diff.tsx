// Two versions of an article side by side: each field that differs.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ChoiceField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { _, type Text } from "../texts";
import type { Article, ArticleContent } from "./knowledge_types";

const FIELDS: Record<keyof ArticleContent, Text> = {
  title: "Title",
  questions: "Questions",
  short: "Short answer",
  long: "Long answer",
  sources: "Sources",
  unit: "Unit",
  line: "Line concerned",
  valid_from: "Valid from",
  valid_until: "Valid until",
};

export function VersionDiff({ article }: { article: Article }): JSX.Element {
  const [older, setOlder] = useState(String(article.released_version || article.version - 1));
  const path = `/knowledge/articles/${encodeURIComponent(article.article)}/versions/${older}`;
  const olderContent = useLoaded<ArticleContent>(Number(older) > 0 ? path : null);
  if (article.version < 2) return <></>;
  const numbers = Array.from({ length: article.version - 1 }, (_empty, index) => String(index + 1));
  const names = Object.keys(FIELDS) as (keyof ArticleContent)[];
  const differing = names.filter((name) => olderContent && shown(olderContent[name]) !== shown(article.content[name]));
  return (
    <>
      <h3>{_("What changed")}</h3>
      <ChoiceField
        label={_("Since version")}
        value={older}
        onChange={setOlder}
        choices={Object.fromEntries(numbers.map((number) => [number, number]))}
      />
      {olderContent && differing.length === 0 && <p class="quiet">{_("Nothing changed.")}</p>}
      {olderContent &&
        differing.map((name) => (
          <div key={name} class="version-diff">
            <strong>{_(FIELDS[name])}</strong>
            <del class="long-answer">{shown(olderContent[name])}</del>
            <ins class="long-answer">{shown(article.content[name])}</ins>
          </div>
        ))}
    </>
  );
}

const shown = (value: string | string[]): string => (Array.isArray(value) ? value.join("\n") : value);
