"""``ivr holidays``: a year's official calendar as sections of numbers.yaml."""

from pathlib import Path

import click

from ivr.cli.home import fail
from ivr.registry.load import read_text
from ivr.registry.official_calendar import CalendarError, parse, to_yaml
from ivr.registry.problems import RegistryError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def holidays(file: Path) -> None:
    """Print the sections `holidays` and `workdays` of numbers.yaml for the official calendar in FILE.

    FILE is JSON, as {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}.
    """
    try:
        click.echo(to_yaml(parse(read_text(file))), nl=False)
    except RegistryError as error:
        fail(*map(str, error.problems))
    except CalendarError as error:
        fail(f"{file}: {error}")
