"""``ivr knowledge``: the knowledge base (知识库): search it, import and export articles, review and release them."""

import json
from typing import Any

import click

from ivr.cli.home import home_option, json_option
from ivr.cli.knowledge_acts import article_act_commands
from ivr.cli.knowledge_files import export_articles, import_files
from ivr.cli.knowledge_query import editor_of, knowledge_query
from ivr.cli.table import moment, show
from ivr.knowledge.article_clock import reminder_title
from ivr.knowledge.article_life_cycle import ArticleAct, ArticleState, article_act_title, article_state_title
from ivr.runtime.layout import Home
from ivr.texts import _

as_unit_option = click.option("--as-unit", metavar="UNIT", help=_("Show work orders as this unit sees them."))


@click.group()
def knowledge() -> None:
    """Search the knowledge base, import and export articles, review and release them."""


@knowledge.command("search", help=_("Search the articles on offer, as the desk does: by words and by sound."))
@click.argument("text", metavar="TEXT")
@click.option(
    "--limit", metavar="COUNT", type=click.IntRange(1, 50), default=5, show_default=True, help=_("Number of results.")
)
@home_option
@json_option
def search_knowledge(text: str, limit: int, home: Home, as_json: bool) -> None:
    """Print the articles that answer a question best, the likeliest first."""
    articles = knowledge_query(home, "search", query=text, limit=limit)
    if as_json:
        click.echo(json.dumps(articles, ensure_ascii=False, indent=2))
        return
    for article in articles:
        click.echo(f"{article['article']}  {article['title']}  ({article['rank']:.2f})")
        click.echo(f"  {article['short']}")
    if not articles:
        click.echo(_("no article on offer answers the question"))


@knowledge.command("list", help=_("List articles with their state, by name."))
@click.option("--state", type=click.Choice([state.value for state in ArticleState]), metavar="STATE",
              help=_("Only articles of this state."))  # fmt: skip
@click.option("--unit", metavar="UNIT", help=_("Only articles of this owner unit."))
@click.option("--line", metavar="N", help=_("Only articles of this number."))
@click.option("--words", metavar="TEXT", help=_("Only articles with these words in title or name."))
@click.option("--expires-within", metavar="DAYS", type=click.IntRange(0, 3650),
              help=_("Only released articles that expire within so many days, or are expired."))  # fmt: skip
@click.option("--reported", is_flag=True, help=_("Only articles with a report of a wrong answer that is not settled."))
@click.option("--limit", metavar="COUNT", type=click.IntRange(1, 50_000), default=200, show_default=True,
              help=_("Number of results."))  # fmt: skip
@as_unit_option
@home_option
@json_option
def list_knowledge(home: Home, limit: int, as_unit: str | None, as_json: bool, **conditions: Any) -> None:  # noqa: ANN401
    """Print articles as a table, or as JSON for programs."""
    conditions = {name: value for name, value in conditions.items() if value not in (None, False)}
    articles = knowledge_query(home, "listing", editor=editor_of(as_unit), wanted=conditions, limit=limit)
    if as_json:
        click.echo(json.dumps(articles, ensure_ascii=False, indent=2))
        return
    titles = (_("article"), _("state"), _("number"), _("owner unit"), _("valid until"), _("reports"), _("title"))
    show(titles, [_row(article) for article in articles])
    click.echo(_("articles: {count}").format(count=len(articles)))


def _row(article: dict[str, Any]) -> tuple[str, ...]:
    content = article["content"]
    state = article_state_title(ArticleState(article["state"]))
    if article["expired"]:
        state = _("{state}, expired").format(state=state)
    until, reports = content["valid_until"], article["open_reports"]
    return article["article"], state, content["line"], content["unit"], until, str(reports or ""), content["title"]


@knowledge.command("show", help=_("Show one article: its content, its reports, and its acts."))
@click.argument("article", metavar="ARTICLE")
@as_unit_option
@home_option
@json_option
def show_knowledge(article: str, as_unit: str | None, home: Home, as_json: bool) -> None:
    """Print one article, or JSON for programs."""
    response = knowledge_query(home, "show", editor=editor_of(as_unit), article=article)
    if as_json:
        click.echo(json.dumps(response, ensure_ascii=False, indent=2))
        return
    article_json = response["article"]
    content = article_json.get("content", article_json)
    lines = [
        (_("article"), article_json["article"]),
        (_("state"), article_state_title(ArticleState(article_json["state"])) if "state" in article_json else ""),
        (_("title"), content["title"]),
        (_("questions"), "；".join(content["questions"])),
        (_("short answer"), content["short"]),
        (_("long answer"), content["long"]),
        (_("sources"), "；".join(content["sources"])),
        (_("owner unit"), content["unit"]),
        (_("number"), content["line"]),
        (_("valid"), f"{content['valid_from']} … {content['valid_until']}"),
        (_("released by"), article_json.get("reviewer", "")),
        (_("reason"), article_json.get("reason", "")),
    ]
    for name, value in lines:
        if value:
            click.echo(f"{name}: {value}")
    for report in article_json.get("reports", ()):
        settled = f" → {report['settlement']}" if report["settled_at"] else ""
        click.echo(_("report {number}: {text}").format(number=report["report"], text=report["text"]) + settled)
    show((_("at"), _("act"), _("by"), ""), [_event(event) for event in response["events"]])


def _event(event: dict[str, Any]) -> tuple[str, ...]:
    fields = event["fields"]
    detail = "、".join(fields) if event["act"] in ("write", "revise") else fields.get("text", fields.get("reason", ""))
    if "stage" in fields:
        detail = reminder_title(fields["stage"])
    editor = " ".join(filter(None, (event["by"], event["unit"])))
    return moment(event["at"]), article_act_title(ArticleAct(event["act"])), editor, " ".join(detail.split())


knowledge.add_command(import_files)
knowledge.add_command(export_articles)
for command in article_act_commands():
    knowledge.add_command(command)
