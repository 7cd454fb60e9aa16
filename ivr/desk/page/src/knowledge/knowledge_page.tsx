// The knowledge base for the units that keep it and for reviewers: the list at the left, the chosen article at the right.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLoaded } from "../parts/loaded";
import { _ } from "../texts";
import { ArticleDetail } from "./article_detail";
import { ArticleForm } from "./article_form";
import { ArticleList } from "./article_list";
import type { ArticleWords } from "./knowledge_types";

const NEW = "+";
/** The name of the shown article; "" if no article is shown. */
const chosen = signal("");

export function KnowledgePage(): JSX.Element {
  const words = useLoaded<ArticleWords>("/knowledge/words");
  if (!words) return <main class="loading">{_("Loading …")}</main>;
  return (
    <main class="orders-page">
      <h1 class="unseen">{_("Knowledge base")}</h1>
      <ArticleList
        words={words}
        chosen={chosen.value}
        onChoose={(article) => (chosen.value = article)}
        onNew={() => (chosen.value = NEW)}
      />
      {chosen.value === NEW ? (
        <ArticleForm words={words} article={null} onDone={(article) => (chosen.value = article)} />
      ) : chosen.value ? (
        <ArticleDetail key={chosen.value} name={chosen.value} words={words} />
      ) : (
        <section class="panel">
          <p class="quiet">{_("Choose an article.")}</p>
        </section>
      )}
    </main>
  );
}
