"""Decides whether an act on an article is allowed: returns its event, or the reason against it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ivr.field_checks import FieldRefused
from ivr.knowledge.article import Article, ArticleContent, ArticleEvent, Editor
from ivr.knowledge.article_fields import ArticleValue, checked_article_field, is_article_name
from ivr.knowledge.article_life_cycle import (
    ARTICLE_RULES,
    CONTENT,
    ArticleAct,
    ArticleRole,
    ArticleRule,
    article_act_title,
    article_role_title,
    article_state_title,
)
from ivr.texts import _

_FOR_RELEASE = ("questions", "short", "sources", "valid_until")


class ArticleActRefused(Exception):
    """An act may not be done; the message gives the reason, for people. ``field`` is the wrong field, or ""."""

    def __init__(self, text: str, field_name: str = "") -> None:
        """Take the text in the reader's language."""
        super().__init__(text)
        self.field = field_name


@dataclass(frozen=True, slots=True)
class KnowledgeScope:
    """The names of orders.yaml and numbers.yaml that an article may use, and whether acts have a receiver."""

    units: frozenset[str]
    lines: frozenset[str]
    notifies: bool = False  # numbers.yaml names a receiver of events


@dataclass(frozen=True, slots=True)
class ArticleRequest:
    """An act that a person or the hotline asks for."""

    act: ArticleAct
    editor: Editor
    fields: Mapping[str, Any] = field(default_factory=dict)  # unchecked


def decide_article_act(
    article: Article | None, name: str, request: ArticleRequest, scope: KnowledgeScope, now: datetime
) -> ArticleEvent:
    """Return the event that an act makes.

    Args:
        article: the present article; None if there is no article of that name.
        name: the name of the article.
        request: the act, its actor and its fields.
        scope: the present units and lines.
        now: aware; an event is never earlier than the event before it.

    Raises:
        ArticleActRefused: the act may not be done.
    """
    act, editor, rule = request.act, request.editor, ARTICLE_RULES[request.act]
    if not is_article_name(name):
        text = _("{name} names no article: small letters, digits and hyphens, 2 to 60 of them")
        raise ArticleActRefused(text.format(name=ascii(name)[:60]), "article")
    _refuse_state(article, name, rule, act)
    if editor.role not in rule.roles:
        message = _("{act} is not for: {role}; it is for: {roles}")
        roles = ", ".join(map(article_role_title, rule.roles))
        raise ArticleActRefused(
            message.format(act=article_act_title(act), role=article_role_title(editor.role), roles=roles)
        )
    fields = _checked_fields(rule, act, request.fields)
    new_content: dict[str, Any] = {name: fields[name] for name in CONTENT if name in fields}
    content = replace(article.content if article else ArticleContent(), **new_content)
    _refuse_foreign(article, content, act, editor)
    if act in (ArticleAct.WRITE, ArticleAct.REVISE):
        _refuse_unknown(fields, scope)
    if content.valid_until and content.valid_from > content.valid_until:
        raise ArticleActRefused(_("valid_until: lies before valid_from"), "valid_until")
    if article is not None:
        _refuse_by_content(article, act, editor, fields, scope, now)
    event_time = max(now, article.changed_at) if article else now
    return ArticleEvent(name, article.sequence + 1 if article else 1, event_time, editor, act, fields)


def may_read(article: Article, editor: Editor) -> bool:
    """Return whether a person may read drafts, too: people of the owner unit and reviewers may."""
    if editor.role is ArticleRole.UNIT:
        return editor.unit == article.content.unit
    return editor.role in (ArticleRole.REVIEWER, ArticleRole.HOTLINE)


def _refuse_state(article: Article | None, name: str, rule: ArticleRule, act: ArticleAct) -> None:
    if article is None:
        if rule.begin:
            raise ArticleActRefused(_("there is no article {article}").format(article=name), "article")
        return
    if not rule.begin:
        raise ArticleActRefused(_("there is an article {article} already").format(article=name), "article")
    if article.state not in rule.begin:
        message = _("article {article} is {state}, which does not allow: {act}; these states allow it: {states}")
        states = ", ".join(map(article_state_title, rule.begin))
        raise ArticleActRefused(
            message.format(
                article=name, state=article_state_title(article.state), act=article_act_title(act), states=states
            )
        )


def _checked_fields(rule: ArticleRule, act: ArticleAct, requested_fields: Mapping[str, Any]) -> dict[str, ArticleValue]:
    fields: dict[str, ArticleValue] = {}
    for key, value in requested_fields.items():
        if key not in (*rule.needs, *rule.may):
            message = _("{act} takes no field {field}")
            raise ArticleActRefused(message.format(act=article_act_title(act), field=repr(key)[:40]), key[:40])
        try:
            fields[key] = checked_article_field(key, value)
        except FieldRefused as error:
            raise ArticleActRefused(f"{key}: {error}", key) from None
    for key in rule.needs:
        if key not in fields:
            message = _("{act} needs the field {field}")
            raise ArticleActRefused(message.format(act=article_act_title(act), field=key), key)
    return fields


def _refuse_foreign(article: Article | None, content: ArticleContent, act: ArticleAct, editor: Editor) -> None:
    """Refuse a unit's act on another unit's article. Every unit may report a wrong answer."""
    if editor.role is not ArticleRole.UNIT or act is ArticleAct.REPORT:
        return
    owner = article.content.unit if article else content.unit
    if not editor.unit or {owner, content.unit} != {editor.unit}:
        message = _("the article belongs to {unit}, and not to {other}")
        raise ArticleActRefused(message.format(unit=owner, other=editor.unit or "—"), "unit")


def _refuse_unknown(fields: Mapping[str, ArticleValue], scope: KnowledgeScope) -> None:
    if "unit" in fields and fields["unit"] not in scope.units:
        message = _("{field}: {value} is not in orders.yaml")
        raise ArticleActRefused(message.format(field="unit", value=repr(fields["unit"])), "unit")
    if fields.get("line") and fields["line"] not in scope.lines:
        message = _("{key}: {number} is not in numbers.yaml")
        raise ArticleActRefused(message.format(key="line", number=fields["line"]), "line")


def _refuse_by_content(
    article: Article,
    act: ArticleAct,
    editor: Editor,
    fields: Mapping[str, ArticleValue],
    scope: KnowledgeScope,
    now: datetime,
) -> None:
    if act is ArticleAct.REVISE and all(getattr(article.content, name) == value for name, value in fields.items()):
        raise ArticleActRefused(_("no field to change is given"))
    if act in (ArticleAct.SUBMIT, ArticleAct.RELEASE):
        for name in _FOR_RELEASE:
            if not getattr(article.content, name):
                message = _("article {article} cannot be released without {field}")
                raise ArticleActRefused(message.format(article=article.article, field=name), name)
        _refuse_unknown({"unit": article.content.unit, "line": article.content.line}, scope)
        if article.content.valid_until < now.date().isoformat():
            raise ArticleActRefused(_("valid_until: the article would be expired at once"), "valid_until")
    if act is ArticleAct.RELEASE and editor.name in article.authors:
        message = _("{name} wrote this version; another person has to release it")
        raise ArticleActRefused(message.format(name=editor.name))
    if act is ArticleAct.REPORT and article.released is None:
        raise ArticleActRefused(_("article {article} is not on offer").format(article=article.article))
    if act is ArticleAct.SETTLE and fields["report"] not in [report.report for report in article.open_reports]:
        message = _("article {article} has no open report {report}")
        raise ArticleActRefused(message.format(article=article.article, report=fields["report"]), "report")
