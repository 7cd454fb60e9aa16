"""The search of work orders by words. The index finds candidates, and the comparison of their words decides."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select

from ivr.orders.store.order_schema import ORDER_PAIRS, ORDER_WORDS, ORDERS
from ivr.orders.suggestion import EarlierOrder
from ivr.orders.word_pairs import normal_form, pair_of, pairs_beginning_with, pairs_of, pairs_to_keep

_ENOUGH = 4  # pairs of each word that are looked up; more pairs hardly exclude further work orders
_FIELDS = 40  # words of a search; further words are ignored
_DAY = 6  # first digits of a number, which are its day
_SIMILAR_PAIRS = 24  # pairs of a matter that are looked up, so that an agent does not wait for a long text
_SIMILAR_NEWEST = 200  # newest work orders with each pair
_SIMILAR_SHARE = 0.4  # least share of the pairs that a similar work order has, too
_SIMILAR_BEST = 9  # similar work orders at most


def index_words(connection: Connection, order: str, words: str, earlier_words: str = "") -> None:
    """Write the pairs of a work order's words, in place of its earlier pairs."""
    present_pairs, earlier_pairs = pairs_to_keep(words), pairs_to_keep(earlier_words)
    if removed := sorted(earlier_pairs - present_pairs):
        its_own = ORDER_PAIRS.c.order == order
        connection.execute(delete(ORDER_PAIRS).where(its_own, ORDER_PAIRS.c.pair.in_(removed)))
    if added := sorted(present_pairs - earlier_pairs):
        connection.execute(insert(ORDER_PAIRS), [{"pair": pair, "order": order} for pair in added])


def orders_with(words: Iterable[str], from_day: str = "") -> Select[tuple[str]]:
    """Return the query of the work orders that have all of some words, each whole or as a part of a longer word.

    Args:
        words: in any form.
        from_day: the beginning of the numbers of a day; earlier work orders are left out.
    """
    parts = _parts(words)
    recent = [ORDER_WORDS.c.order >= from_day] if from_day else []
    may_have = [condition for part in parts for condition in _may_have(part, from_day)]
    return select(ORDER_WORDS.c.order).where(*recent, *may_have, *_has(parts))


def day_of_newest(
    connection: Connection, words: Iterable[str], conditions: Sequence[ColumnElement[bool]], limit: int
) -> str:
    """Return the day of the last of the newest work orders with some words, in the form of numbers; "" for any day.

    A number begins with its day, and the index is sorted by number. Therefore a search for a common word reads only the
    newest work orders with the word.
    """
    parts = _parts(words)
    longest = max(parts, key=len, default="")
    if len(longest) == 1 or not longest:
        return ""
    pair, number = ORDER_PAIRS.c.pair, ORDER_PAIRS.c.order
    newest = (
        select(number)
        .join(ORDER_WORDS, ORDER_WORDS.c.order == number)
        .join(ORDERS, ORDERS.c.order == number)
        .where(pair == pair_of(longest[0], longest[1]), *_has(parts), *conditions)
        .order_by(number.desc())
        .offset(limit - 1)
        .limit(1)
    )
    last_number = connection.scalar(newest)
    return "" if last_number is None else last_number[:_DAY]


def _parts(words: Iterable[str]) -> list[str]:
    return [part for word in words for part in normal_form(word).split()][:_FIELDS]


def _has(parts: Iterable[str]) -> list[ColumnElement[bool]]:
    return [ORDER_WORDS.c.words.contains(part, autoescape=True) for part in parts]


def orders_like(connection: Connection, words: str) -> list[EarlierOrder]:
    """Return the dispatched work orders that share the most pairs with a matter, of the newest with each pair.

    Confidential work orders are left out.
    """
    pairs = sorted(pairs_of(words[: _SIMILAR_PAIRS + 1]))
    shared: Counter[str] = Counter()
    columns = ORDER_PAIRS.c
    for pair in pairs:  # the number of a work order begins with its day
        newest = select(columns.order).where(columns.pair == pair).order_by(columns.order.desc()).limit(_SIMILAR_NEWEST)
        shared.update(connection.scalars(newest))
    fewest = max(2, _SIMILAR_SHARE * len(pairs))
    most_similar = sorted((order for order in shared if shared[order] >= fewest), key=lambda order: -shared[order])
    candidates = most_similar[: 2 * _SIMILAR_BEST]
    query = select(ORDERS.c.order, ORDERS.c["class"], ORDERS.c.unit).where(
        ORDERS.c.order.in_(candidates), ORDERS.c.unit != "", ORDERS.c["class"] != "", ORDERS.c.confidential.is_(False)
    )
    earlier_orders = {order: EarlierOrder(order, klass, unit) for order, klass, unit in connection.execute(query)}
    return [earlier_orders[order] for order in candidates if order in earlier_orders][:_SIMILAR_BEST]


def _may_have(part: str, from_day: str) -> list[ColumnElement[bool]]:
    pairs, numbers = ORDER_PAIRS.c.pair, ORDER_WORDS.c.order
    recent = [ORDER_PAIRS.c.order >= from_day] if from_day else []
    if len(part) == 1:
        first, last = pairs_beginning_with(part)
        return [numbers.in_(select(ORDER_PAIRS.c.order).where(pairs.between(first, last), *recent))]
    pairs_of_part = sorted(pairs_of(part))[:_ENOUGH]
    return [numbers.in_(select(ORDER_PAIRS.c.order).where(pairs == pair, *recent)) for pair in pairs_of_part]
