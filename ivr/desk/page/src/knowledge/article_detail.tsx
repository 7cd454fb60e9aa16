// One article: its content, the possible acts, its reports, its versions and its events.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { TextField } from "../parts/fields";
import { useLoaded } from "../parts/loaded";
import { _ } from "../texts";
import { ArticleForm } from "./article_form";
import { stateWord } from "./article_list";
import { acted, actOnArticle } from "./knowledge_requests";
import type { Article, ArticleWords, OpenedArticle } from "./knowledge_types";
import { VersionDiff } from "./version_diff";

const IN_A_FORM = ["write", "revise"]; // their fields are the content
const AT_A_REPORT = ["settle"];

export function ArticleDetail({ name, words }: { name: string; words: ArticleWords }): JSX.Element {
  const opened = useLoaded<OpenedArticle>(`/knowledge/articles/${encodeURIComponent(name)}`, acted.value);
  const [revising, setRevising] = useState(false);
  const [act, setAct] = useState<{ act: string; report: number | null } | null>(null);
  if (!opened) return <section class="panel loading">{_("Loading …")}</section>;
  const { article, events } = opened;
  if (revising) return <ArticleForm words={words} article={article} onDone={() => setRevising(false)} />;
  const possibleActs = Object.keys(words.acts).filter((name) => words.acts[name]?.states.includes(article.state));
  const press = (pressed: string): unknown =>
    words.acts[pressed]?.needs.length ? setAct({ act: pressed, report: null }) : actOnArticle(name, pressed, {});
  return (
    <section class="panel order" aria-labelledby="article-title">
      <h2 id="article-title">{article.content.title}</h2>
      <p class="quiet">
        {article.article} · {stateWord(words, article.state)} · {_("version {number}", { number: article.version })}
        {article.expired && ` · ${_("Expired")}`}
      </p>
      {article.shipped && (
        <p class="mark">
          {_("Not checked by its unit")}: {_("the article came with the program; it is marked until its unit has revised it")}
        </p>
      )}
      {article.reason && <p class="problem">{article.reason}</p>}
      <div class="acts">
        {possibleActs.includes("revise") && <Button onPress={() => setRevising(true)}>{words.acts["revise"]?.title}</Button>}
        {possibleActs
          .filter((possible) => !IN_A_FORM.includes(possible) && !AT_A_REPORT.includes(possible))
          .map((possible) => (
            <Button key={possible} onPress={() => press(possible)} look={possible === "release" ? "good" : undefined}>
              {words.acts[possible]?.title}
            </Button>
          ))}
      </div>
      <Content article={article} />
      {article.reports.length > 0 && <h3>{_("Reports of wrong answers")}</h3>}
      <ul class="events">
        {article.reports.map((report) => (
          <li key={report.report}>
            {report.text} <span class="quiet">{report.by}</span>
            {report.settled_at ? (
              <p class="quiet">{report.settlement}</p>
            ) : (
              possibleActs.includes("settle") && (
                <Button onPress={() => setAct({ act: "settle", report: report.report })}>{_("Settle")}</Button>
              )
            )}
          </li>
        ))}
      </ul>
      <VersionDiff article={article} />
      <h3>{_("Acts so far")}</h3>
      <ol class="events">
        {events.map((event) => (
          <li key={event.sequence}>
            {words.acts[event.act]?.title ?? event.act} · {event.by} {event.unit} ·{" "}
            {new Date(event.at).toLocaleString()}
          </li>
        ))}
      </ol>
      {act && (
        <ActDialog article={name} act={act.act} report={act.report} words={words} onClose={() => setAct(null)} />
      )}
    </section>
  );
}

function Content({ article }: { article: Article }): JSX.Element {
  const { content } = article;
  const rows: [string, string][] = [
    [_("Questions"), content.questions.join("；")],
    [_("Short answer"), content.short],
    [_("Long answer"), content.long],
    [_("Sources"), content.sources.join("；")],
    [_("Unit"), content.unit],
    [_("Line concerned"), content.line],
    [_("Valid"), `${content.valid_from} … ${content.valid_until}`],
    [_("Released by"), article.reviewer],
  ];
  return (
    <dl class="matter">
      {rows.map(([title, text]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd class="long-answer">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

interface ActDialogProps {
  article: string;
  act: string;
  report: number | null;
  words: ArticleWords;
  onClose: () => void;
}

function ActDialog({ article, act, report, words, onClose }: ActDialogProps): JSX.Element {
  const [text, setText] = useState("");
  const rule = words.acts[act];
  const field = rule?.needs.includes("reason") ? "reason" : "text";
  const send = async (): Promise<void> => {
    const fields = { [field]: text, ...(report === null ? {} : { report }) };
    if (await actOnArticle(article, act, fields)) onClose();
  };
  return (
    <Dialog title={rule?.title ?? act} onClose={onClose}>
      <TextField label={field === "reason" ? _("Reason") : _("Remark")} value={text} onChange={setText} lines={3} />
      <div class="acts">
        <Button onPress={send} look="main" disabled={!text.trim()}>
          {rule?.title}
        </Button>
        <Button onPress={onClose}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
