"""The reminders of an article that are due (到期提醒). Pure."""

from datetime import date, timedelta

from ivr.knowledge.article import Article
from ivr.texts import _

AHEAD = timedelta(days=30)
_EXPIRING, _EXPIRED = "expiring", "expired"


def reminders_due(article: Article, today: date) -> list[str]:
    """Return the stages for which a reminder to the owner unit is due: ``expiring:2026-12-31``, ``expired:2026-12-31``.

    Each stage comes once for a last day, also after a restart, because the article keeps the stages that were sent.
    """
    if article.released is None or not article.released.valid_until:
        return []
    last = date.fromisoformat(article.released.valid_until)
    if today > last:
        stage = f"{_EXPIRED}:{last}"
    elif today >= last - AHEAD:
        stage = f"{_EXPIRING}:{last}"
    else:
        return []
    return [] if stage in article.stages else [stage]


def reminder_title(stage: str) -> str:
    """Return a stage in words."""
    kind, _colon, day = stage.partition(":")
    text = _("expired since the end of {day}") if kind == _EXPIRED else _("expires at the end of {day}")
    return text.format(day=day)
