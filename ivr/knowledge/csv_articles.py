"""Articles as CSV (RFC 4180), a row for each article. `csv_of` writes the file, `articles_of_csv` reads it.

All questions are in one cell, a line for each, and so are all sources. A spreadsheet reads a cell that begins with
``=`` as a formula, so such a cell is written with ``'`` before it, which the import removes.
"""

import csv
import io
from collections.abc import Iterable

from ivr.knowledge.article_text import MOST_ARTICLES, ArticleFileRefused, ArticleText
from ivr.texts import _

_COLUMNS = ("id", "title", "questions", "short", "long", "sources", "unit", "line", "valid_from", "valid_until")
_LISTS = ("questions", "sources")
_FORMULA = ("=", "+", "-", "@", "\t", "'")


def csv_of(articles: Iterable[ArticleText]) -> str:
    """Return the articles as a CSV file; its byte-order mark tells a spreadsheet that it is UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for article in articles:
        fields = dict(article.fields) | {"id": article.article}
        cells = ("\n".join(fields[name]) if name in _LISTS else str(fields.get(name, "")) for name in _COLUMNS)
        writer.writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    return "\ufeff" + file.getvalue()


def articles_of_csv(file: str, text: str) -> list[ArticleText]:
    """Return the articles of a CSV file; the values are not checked yet.

    Raises:
        ArticleFileRefused: the file has another form.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    articles: list[ArticleText] = []
    try:
        titles = next(reader, [])
        if sorted(titles) != sorted(_COLUMNS):
            message = _("the first row has to name the columns: {columns}")
            raise ArticleFileRefused(file, 1, message.format(columns=", ".join(_COLUMNS)))
        begin = reader.line_num + 1
        for row in reader:
            if row:
                if len(row) != len(titles):
                    message = _("the row has {count} cells instead of {columns}")
                    raise ArticleFileRefused(file, begin, message.format(count=len(row), columns=len(titles)))
                articles.append(_article(dict(zip(titles, map(_cell, row), strict=True)), begin))
            if len(articles) > MOST_ARTICLES:
                raise ArticleFileRefused(file, begin, _("holds too many articles"))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise ArticleFileRefused(file, reader.line_num, _("is no CSV: {error}").format(error=error)) from None
    return articles


def _cell(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def _article(cells: dict[str, str], line: int) -> ArticleText:
    lists = {list_name: [line.strip() for line in cells[list_name].split("\n") if line.strip()] for list_name in _LISTS}
    return ArticleText(cells["id"], {k: cell for k, cell in cells.items() if k != "id"} | lists, line)
