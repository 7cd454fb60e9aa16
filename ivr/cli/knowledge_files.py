"""``ivr knowledge import`` and ``export``: articles as Markdown and CSV."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from ivr.cli.home import fail, home_option, json_option
from ivr.cli.knowledge_query import editor_of, knowledge_query
from ivr.knowledge.article_text import ArticleFileRefused, ArticleText, decoded
from ivr.knowledge.csv_articles import articles_of_csv, csv_of
from ivr.knowledge.markdown_articles import articles_of_markdown, markdown_of
from ivr.runtime.layout import Home
from ivr.shipped import ARTICLES
from ivr.texts import _

_READERS = {".md": articles_of_markdown, ".csv": articles_of_csv}
_WRITERS = {".md": markdown_of, ".csv": csv_of}


@click.command("import", short_help=_("import articles of Markdown and CSV files"))
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--shipped", is_flag=True, help=_("The articles that come with the program; they are released at once."))
@click.option("--as-unit", metavar="UNIT", help=_("Act for this unit; without it, as a reviewer of the hotline."))
@home_option
@json_option
def import_files(files: Sequence[Path], shipped: bool, as_unit: str | None, home: Home, as_json: bool) -> None:
    """Import the articles of Markdown and CSV files, and of all such files in a folder.

    An article that is not there is written, another one revised; a complete one is submitted for review, and another
    person releases it. Either all articles are imported or, if one of them cannot be taken, none. With --shipped, the
    articles that come with the program are imported, and you release them; a shipped article that the city has changed
    stays as it is.
    """
    if bool(files) is shipped:
        fail(_("name files to import, or --shipped"))
    try:
        texts = [(str(path), text) for path in _paths([ARTICLES] if shipped else files) for text in _read(path)]
    except ArticleFileRefused as refused:
        fail(str(refused), _("nothing was imported"))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    articles = [
        {"file": file, "line": text.line, "article": text.article, "fields": text.fields} for file, text in texts
    ]
    imported = knowledge_query(home, "take_in", editor=editor_of(as_unit), articles=articles, shipped=shipped)
    if as_json:
        click.echo(json.dumps(imported, ensure_ascii=False, indent=2))
        return
    message = _(
        "articles: {written} new, {revised} revised, {unchanged} unchanged, "
        "{own} kept because the city had changed them"
    )
    click.echo(message.format(**{name: len(names) for name, names in imported.items()}))
    if shipped:
        click.echo(_("the owner units have to check the articles: an article is marked until its unit has revised it"))
    elif imported["written"] or imported["revised"]:
        click.echo(
            _(
                "another person has to release the articles: ivr knowledge list --state review, "
                "ivr knowledge release ARTICLE"
            )
        )


@click.command("export", short_help=_("write articles into a Markdown or CSV file"))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--drafts", is_flag=True, help=_("The newest version of every article instead of those on offer."))
@click.option("--as-unit", metavar="UNIT", help=_("Show work orders as this unit sees them."))
@home_option
def export_articles(file: Path, drafts: bool, as_unit: str | None, home: Home) -> None:
    """Write the articles on offer into FILE, whose name ends in .md or .csv; an import reads it."""
    writer = _WRITERS.get(file.suffix.lower())
    if writer is None:
        fail(_("{file}: the name of a file of articles ends in .md or .csv").format(file=file))
    articles = knowledge_query(home, "give_out", editor=editor_of(as_unit), offered=not drafts)
    try:
        file.write_text(writer(ArticleText(**fields) for fields in articles), encoding="utf-8", newline="")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    click.echo(_("articles: {count}").format(count=len(articles)))


def _paths(files_and_folders: Sequence[Path]) -> list[Path]:
    return [
        path
        for file_or_folder in files_and_folders
        for path in (
            sorted(file for file in file_or_folder.iterdir() if file.suffix.lower() in _READERS)
            if file_or_folder.is_dir()
            else [file_or_folder]
        )
    ]


def _read(path: Path) -> list[ArticleText]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ArticleFileRefused(str(path), 0, _("the name of a file of articles ends in .md or .csv"))
    return reader(str(path), decoded(str(path), path.read_bytes()))
