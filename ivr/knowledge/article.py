"""An article, derived from its events alone. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, assert_never

from ivr.knowledge.article_fields import ArticleValue
from ivr.knowledge.article_life_cycle import ARTICLE_RULES, CONTENT, ArticleAct, ArticleRole, ArticleState


@dataclass(frozen=True, slots=True)
class Editor:
    """The actor of an act on an article."""

    name: str  # a user; "shipped" for the articles that come with the program
    role: ArticleRole
    unit: str = ""  # the person's unit, if the person acts for a unit


@dataclass(frozen=True, slots=True)
class ArticleEvent:
    """One act that was done to an article. It is written once and never changed."""

    article: str
    sequence: int  # 1, 2, 3, … within the article
    at: datetime
    editor: Editor
    act: ArticleAct
    fields: Mapping[str, ArticleValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """One version of an article's content."""

    title: str = ""
    questions: tuple[str, ...] = ()  # as citizens ask them
    short: str = ""  # the answer that an agent says
    long: str = ""  # the answer that an agent reads
    sources: tuple[str, ...] = ()  # each with its date
    unit: str = ""  # owner
    line: str = ""  # number of the line that the article concerns; "" if it concerns none
    valid_from: str = ""  # ISO 8601; "" sets no limit
    valid_until: str = ""  # the last day on which it is offered

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the content is valid on a day."""
        return self.valid_from <= day.isoformat() and (not self.valid_until or day.isoformat() <= self.valid_until)


@dataclass(frozen=True, slots=True)
class WrongAnswerReport:
    """A report that the answer is wrong (查漏纠错)."""

    report: int  # the sequence of its event
    at: datetime
    by: str
    text: str
    call_id: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    settlement: str = ""  # the result, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The present state of an article. Times are UTC."""

    article: str
    state: ArticleState = ArticleState.DRAFT
    sequence: int
    written_at: datetime
    changed_at: datetime
    version: int = 0  # of `content`: the number of writes and revisions
    content: ArticleContent = field(default_factory=ArticleContent)
    authors: tuple[str, ...] = ()  # of the versions since the last release; no author may release the article
    released: ArticleContent | None = None  # the version on offer
    released_version: int = 0
    released_at: datetime | None = None
    reviewer: str = ""  # the person who released it
    shipped: bool = False  # every version came with the program
    reason: str = ""  # of the last rejection or withdrawal
    reports: tuple[WrongAnswerReport, ...] = ()
    stages: tuple[str, ...] = ()  # reminders that were sent

    def is_offered(self, day: date) -> bool:
        """Tell whether agents and citizens get the article on a day: released, not withdrawn, not expired."""
        return self.released is not None and self.released.is_valid_on(day)

    @property
    def open_reports(self) -> tuple[WrongAnswerReport, ...]:
        """The reports that are not settled."""
        return tuple(report for report in self.reports if report.settled_at is None)


def fold_article(events: Iterable[ArticleEvent]) -> Article:
    """Return the article that follows from all its events in order.

    Raises:
        ValueError: there is no event, or the first event does not write an article.
    """
    article: Article | None = None
    for event in events:
        article = article_after(article, event)
    if article is None:
        raise ValueError("an article without events")
    return article


def article_after(article: Article | None, event: ArticleEvent) -> Article:
    """Return the article after one more event.

    Raises:
        ValueError: the event writes an article that exists, or changes an article that does not exist.
    """
    if (article is None) is not (event.act is ArticleAct.WRITE):
        raise ValueError(f"{event.act} as event {event.sequence} of {event.article}")
    if article is None:
        article = Article(article=event.article, sequence=0, written_at=event.at, changed_at=event.at)
    state = ARTICLE_RULES[event.act].to or article.state
    return replace(
        article, sequence=event.sequence, changed_at=event.at, **{"state": state, **_changes(article, event)}
    )


def _changes(article: Article, event: ArticleEvent) -> dict[str, Any]:  # noqa: PLR0911 - a case for each act
    """Return the attributes that an event changes, beside the state."""
    act, fields = event.act, event.fields
    match act:
        case ArticleAct.WRITE | ArticleAct.REVISE:
            content: dict[str, Any] = {name: fields[name] for name in CONTENT if name in fields}
            by_program = event.editor.role is ArticleRole.HOTLINE
            return {
                "content": replace(article.content, **content),
                "version": article.version + 1,
                "shipped": by_program and (article.shipped or article.version == 0),
                "authors": tuple(dict.fromkeys((*article.authors, event.editor.name))),
            }
        case ArticleAct.RELEASE:
            released = {"released": article.content, "released_version": article.version, "released_at": event.at}
            return released | {"reviewer": event.editor.name, "authors": (), "reason": "", "stages": ()}
        case ArticleAct.WITHDRAW:
            return {"released": None, "released_version": 0, "released_at": None, "reason": fields["reason"]}
        case ArticleAct.REJECT:
            return {"reason": fields["reason"]}
        case ArticleAct.REPORT:
            report = WrongAnswerReport(
                event.sequence, event.at, event.editor.name, str(fields["text"]), str(fields.get("call_id", ""))
            )
            return {"reports": (*article.reports, report)}
        case ArticleAct.SETTLE:
            settled: dict[str, Any] = {
                "settled_at": event.at,
                "settled_by": event.editor.name,
                "settlement": str(fields["text"]),
            }
            return {
                "reports": tuple(
                    replace(report, **settled) if report.report == fields["report"] else report
                    for report in article.reports
                )
            }
        case ArticleAct.SUBMIT:
            return {}
        case ArticleAct.REMIND:
            return {"stages": (*article.stages, fields["stage"])}
        case _:
            assert_never(act)


def content_of_version(events: Iterable[ArticleEvent], version: int) -> ArticleContent | None:
    """Return the content of a version, 1, 2, …; None if there is none."""
    article: Article | None = None
    for event in events:
        article = article_after(article, event)
        if article.version == version:
            return article.content
    return None
