// The form in which an article is written or revised.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { ChoiceField, TextField } from "../parts/fields";
import { _ } from "../texts";
import { actOnArticle } from "./knowledge_requests";
import type { Article, ArticleContent, ArticleWords } from "./knowledge_types";

interface ArticleFormProps {
  words: ArticleWords;
  article: Article | null; // null: a new one
  onDone: (article: string) => void;
}

const EMPTY: ArticleContent = {
  title: "",
  questions: [],
  short: "",
  long: "",
  sources: [],
  unit: "",
  line: "",
  valid_from: "",
  valid_until: "",
};

export function ArticleForm({ words, article, onDone }: ArticleFormProps): JSX.Element {
  const first = article?.content ?? { ...EMPTY, unit: words.units[0] ?? "" };
  const [name, setName] = useState(article?.article ?? "");
  const [content, setContent] = useState<ArticleContent>(first);
  const set = (changed: Partial<ArticleContent>): void => setContent({ ...content, ...changed });
  const save = async (): Promise<void> => {
    const lists = { questions: filled(content.questions), sources: filled(content.sources) };
    if (await actOnArticle(name, article ? "revise" : "write", { ...content, ...lists })) onDone(name);
  };
  return (
    <section class="panel order" aria-labelledby="article-form">
      <h2 id="article-form">{article ? article.content.title : _("New article")}</h2>
      {!article && (
        <TextField
          label={_("Name of the article")}
          hint={_("small letters, digits and hyphens: 12333-overtime")}
          value={name}
          onChange={setName}
        />
      )}
      <TextField label={_("Title")} value={content.title} onChange={(title) => set({ title })} />
      <TextField
        label={_("Questions")}
        hint={_("as citizens ask them, one a line")}
        lines={4}
        value={content.questions.join("\n")}
        onChange={(text) => set({ questions: text.split("\n") })}
      />
      <TextField
        label={_("Short answer")}
        hint={_("to say: {count} of 300 characters", { count: content.short.length })}
        lines={3}
        value={content.short}
        onChange={(short) => set({ short })}
      />
      <TextField label={_("Long answer")} lines={8} value={content.long} onChange={(long) => set({ long })} />
      <TextField
        label={_("Sources")}
        hint={_("each with its date, one a line")}
        lines={2}
        value={content.sources.join("\n")}
        onChange={(text) => set({ sources: text.split("\n") })}
      />
      <ChoiceField
        label={_("Unit")}
        value={content.unit}
        onChange={(unit) => set({ unit })}
        choices={Object.fromEntries(words.units.map((unit) => [unit, unit]))}
      />
      <TextField label={_("Line concerned")} value={content.line} onChange={(line) => set({ line })} />
      <TextField
        label={_("Valid from")}
        kind="date"
        value={content.valid_from}
        onChange={(valid_from) => set({ valid_from })}
      />
      <TextField
        label={_("Valid until")}
        kind="date"
        value={content.valid_until}
        onChange={(valid_until) => set({ valid_until })}
      />
      <div class="acts">
        <Button onPress={save} look="main" disabled={!name || !content.title}>
          {_("Save as a draft")}
        </Button>
        {article && <Button onPress={() => onDone(name)}>{_("Cancel")}</Button>}
      </div>
    </section>
  );
}

const filled = (lines: string[]): string[] => lines.map((line) => line.trim()).filter(Boolean);
