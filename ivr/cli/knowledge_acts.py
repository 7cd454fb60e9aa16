"""``ivr knowledge submit``, ``release`` …: a command for each act on an article that is written, made from its rule."""

from collections.abc import Callable
from typing import Any

import click

from ivr.cli.home import home_option
from ivr.cli.knowledge_query import editor_of, knowledge_query
from ivr.knowledge.article_life_cycle import (
    ARTICLE_RULES,
    ArticleAct,
    ArticleState,
    article_act_title,
    article_role_title,
    article_state_title,
)
from ivr.runtime.layout import Home
from ivr.texts import _

_BY_FILE = (ArticleAct.WRITE, ArticleAct.REVISE)  # because `ivr knowledge import` does these acts
_BY_PROGRAM = (ArticleAct.REMIND,)


def article_act_commands() -> list[click.Command]:
    """Return the commands, in the order of the life cycle."""
    return [_command(act) for act in ArticleAct if act not in (*_BY_FILE, *_BY_PROGRAM)]


def _command(act: ArticleAct) -> click.Command:
    rule = ARTICLE_RULES[act]

    def run(home: Home, article: str, as_unit: str | None, **fields: Any) -> None:  # noqa: ANN401 - as click gives them
        given_fields = {name: value for name, value in fields.items() if value is not None}
        changed_article = knowledge_query(
            home, "act", editor=editor_of(as_unit), article=article, act=act.value, fields=given_fields
        )  # fmt: skip
        state = (
            article_state_title(ArticleState(changed_article["state"]))
            if "state" in changed_article
            else article_act_title(act)
        )
        click.echo(_("article {article}: {state}").format(article=article, state=state))

    parameters: Callable[..., None] = home_option(run)
    parameters = click.option(
        "--as-unit", metavar="UNIT", help=_("Act for this unit; without it, as a reviewer of the hotline.")
    )(parameters)
    for field in reversed((*rule.needs, *rule.may)):
        if field != "call_id":
            option = "--" + field.replace("_", "-")
            metavar = "NUMBER" if field == "report" else "TEXT"
            parameters = click.option(option, field, metavar=metavar, required=field in rule.needs)(parameters)
    parameters = click.argument("article", metavar="ARTICLE")(parameters)
    command = click.command(
        act.value,
        help=_("Do this act to an article; the last line says who may do it, and when."),
        short_help=article_act_title(act),
    )(parameters)
    command.epilog = _("{act}: by {roles}; of an article that is {states}.").format(
        act=article_act_title(act),
        roles=", ".join(map(article_role_title, rule.roles)),
        states=", ".join(map(article_state_title, rule.begin)),
    )
    return command
