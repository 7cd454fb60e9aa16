// Two versions of an article side by side: each field that differs.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ChoiceField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { _ } from "../texts";
import { CONTENT_LABELS } from "./content_labels";
import type { Article, ArticleContent } from "./knowledge_types";

export function VersionDiff({ article }: { article: Article }): JSX.Element {
  const [older, setOlder] = useState(String(article.released_version || article.version - 1));
  const path = `/knowledge/articles/${encodeURIComponent(article.article)}/versions/${older}`;
  const olderContent = useLoaded<ArticleContent>(Number(older) > 0 ? path : null);
  if (article.version < 2) return <></>;
  const numbers = Array.from({ length: article.version - 1 }, (_empty, index) => String(index + 1));
  const names = Object.keys(CONTENT_LABELS) as (keyof ArticleContent)[];
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
            <strong>{_(CONTENT_LABELS[name])}</strong>
            <del class="long-answer">{shown(olderContent[name])}</del>
            <ins class="long-answer">{shown(article.content[name])}</ins>
          </div>
        ))}
    </>
  );
}

const shown = (value: string | string[]): string => (Array.isArray(value) ? value.join("\n") : value);
