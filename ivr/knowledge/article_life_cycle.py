"""The life cycle of an article (郴政办发〔2021〕22号, 二(三)10): states, acts, and the rule of each act.

The plan wants 整理、推送、更新, 多方校核 and 查漏纠错. `ARTICLE_RULES` declares for each act the states in which it is
allowed, the roles, the fields, and the state after it. Commands, desk and the diagram in docs/knowledge.md follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivr.texts import _


class ArticleState(StrEnum):
    """The state of an article's newest version. An earlier version that was released stays on offer meanwhile."""

    DRAFT = "draft"  # 草稿
    REVIEW = "review"  # 待审核
    RELEASED = "released"  # 已发布; after `valid_until` it is expired (已过期) without an act
    WITHDRAWN = "withdrawn"  # 已下架


class ArticleAct(StrEnum):
    """An act on an article."""

    WRITE = "write"
    REVISE = "revise"
    SUBMIT = "submit"
    RELEASE = "release"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REPORT = "report"
    SETTLE = "settle"
    REMIND = "remind"


class ArticleRole(StrEnum):
    """The capacity in which an actor acts."""

    AGENT = "agent"  # an agent of the hotline: reads articles, and reports wrong answers
    UNIT = "unit"  # a person of the owner unit
    REVIEWER = "reviewer"  # a supervisor or an admin of the hotline
    HOTLINE = "hotline"  # the program itself: shipped articles, reminders


@dataclass(frozen=True, slots=True)
class ArticleRule:
    """The states in which an act is allowed, and the state after it."""

    roles: tuple[ArticleRole, ...]
    begin: tuple[ArticleState, ...]  # the states in which the act is allowed; () if the act makes a new article
    to: ArticleState | None = None  # the state that follows; None leaves the state as it is
    needs: tuple[str, ...] = ()  # fields that must be given, see `ivr.knowledge.article_fields`
    may: tuple[str, ...] = ()  # fields that may be given


_S, _A, _R = ArticleState, ArticleAct, ArticleRole
_WRITERS = (_R.UNIT, _R.REVIEWER, _R.HOTLINE)
_ANY = tuple(ArticleState)
CONTENT = ("title", "questions", "short", "long", "sources", "unit", "line", "valid_from", "valid_until")
"""The fields of an article's content; each write and each revision is one version."""

ARTICLE_RULES: Mapping[ArticleAct, ArticleRule] = {
    _A.WRITE: ArticleRule(_WRITERS, (), _S.DRAFT, ("title", "unit"),
        tuple(name for name in CONTENT if name not in ("title", "unit"))),
    _A.REVISE: ArticleRule(_WRITERS, _ANY, _S.DRAFT, may=CONTENT),
    _A.SUBMIT: ArticleRule(_WRITERS, (_S.DRAFT,), _S.REVIEW),
    _A.RELEASE: ArticleRule((_R.REVIEWER,), (_S.REVIEW,), _S.RELEASED, may=("text",)),
    _A.REJECT: ArticleRule((_R.REVIEWER,), (_S.REVIEW,), _S.DRAFT, ("reason",)),
    _A.WITHDRAW: ArticleRule((_R.UNIT, _R.REVIEWER), (_S.DRAFT, _S.REVIEW, _S.RELEASED), _S.WITHDRAWN, ("reason",)),
    _A.REPORT: ArticleRule((_R.AGENT, _R.UNIT, _R.REVIEWER), (_S.DRAFT, _S.REVIEW, _S.RELEASED), needs=("text",),
        may=("call_id",)),
    _A.SETTLE: ArticleRule((_R.UNIT, _R.REVIEWER), _ANY, needs=("report", "text")),
    _A.REMIND: ArticleRule((_R.HOTLINE,), _ANY, needs=("stage",)),
}  # fmt: skip


def article_act_title(act: ArticleAct) -> str:
    """Return the name of an act, for people."""
    return {
        _A.WRITE: _("write an article"),
        _A.REVISE: _("revise"),
        _A.SUBMIT: _("submit for review"),
        _A.RELEASE: _("release the article"),
        _A.REJECT: _("reject the version"),
        _A.WITHDRAW: _("withdraw the article"),
        _A.REPORT: _("report a wrong answer"),
        _A.SETTLE: _("settle a report"),
        _A.REMIND: _("remind the owner unit"),
    }[act]


def article_state_title(state: ArticleState) -> str:
    """Return the name of a state, for people."""
    return {
        _S.DRAFT: _("draft"),
        _S.REVIEW: _("under review"),
        _S.RELEASED: _("released"),
        _S.WITHDRAWN: _("taken off offer"),
    }[state]


def article_role_title(role: ArticleRole) -> str:
    """Return the name of a role, for people."""
    return {
        _R.AGENT: _("agent of the hotline"),
        _R.UNIT: _("owner unit"),
        _R.REVIEWER: _("reviewer (supervisor or admin)"),
        _R.HOTLINE: _("the hotline itself"),
    }[role]


def article_diagram() -> str:
    """Return the life cycle as a Mermaid state diagram: an arrow for each act that changes the state."""
    lines = ["stateDiagram-v2"]
    for act, rule in ARTICLE_RULES.items():
        if rule.to is not None:
            begins = [state.value for state in rule.begin if state is not rule.to] or ["[*]"]
            lines += [f"    {begin} --> {rule.to}: {act}" for begin in begins]
    return "\n".join(lines)
