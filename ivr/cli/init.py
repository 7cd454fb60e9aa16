"""``ivr init``: make a site folder, which holds every file that an admin changes."""

import shutil
from pathlib import Path

import click

from ivr.cli.home import fail
from ivr.prompts import ledger, own_texts
from ivr.prompts.manifest import ManifestError, wideband
from ivr.prompts.manifest import load as load_manifest
from ivr.runtime import hotline_facts, lock
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.layout import Home
from ivr.runtime.site_folder import NUMBERS, STATE, SiteFolder
from ivr.shipped import NUMBERS as SHIPPED_NUMBERS
from ivr.shipped import ORDERS as SHIPPED_ORDERS
from ivr.shipped import RECORDINGS as SHIPPED_RECORDINGS
from ivr.site.registry_history import ORDERS
from ivr.texts import _


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Make the site folder DIR with a registry to edit.

    DIR then holds numbers.yaml, the registry; orders.yaml, the units and deadlines of work orders; recordings, the
    site's own prompts, which are played in place of the shipped ones; and var, the state, passwords too, which the
    hotline writes. A state folder var beside DIR, as earlier versions had it, is moved into DIR together with the
    registry that it ran with.
    """
    site = SiteFolder(folder / NUMBERS, Home(folder / STATE))
    if site.numbers.exists():
        fail(_("{folder} is a site folder already; it is left as it is").format(folder=folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # because a hotline that root starts runs as a user of its own, which reads the registry
        _make_recordings(site)
        earlier = folder.absolute().parent / STATE
        if earlier != site.home.root and (earlier / "hotline.json").is_file():
            _take_over(Home(earlier), site)
        else:
            site.home.root.mkdir(mode=0o700, exist_ok=True)
            _copy(SHIPPED_NUMBERS, site.numbers)
            _copy(SHIPPED_ORDERS, site.numbers.with_name(ORDERS))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except (RuntimeProblem, ManifestError) as error:
        fail(str(error))
    message = _("{folder}: edit {numbers}; your own recordings go into {recordings}; start: ivr up --home {folder}")
    click.echo(message.format(folder=folder, numbers=site.numbers, recordings=site.recordings))


def _make_recordings(site: SiteFolder) -> None:
    for folder in (site.recordings, site.recordings / "zh"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    if not (site.recordings / own_texts.FILE).exists():
        own_texts.save(site.recordings, {})


def _take_over(earlier: Home, site: SiteFolder) -> None:
    """Move the state of an earlier version into the site, with the registry and recordings that its admin changed."""
    lock.take(earlier)
    registry = Path(hotline_facts.read(earlier.hotline).numbers)
    _copy(registry if registry.is_file() else SHIPPED_NUMBERS, site.numbers)
    shipped = load_manifest(SHIPPED_RECORDINGS)
    renderings = ledger.load(SHIPPED_RECORDINGS)
    for prompt in shipped.prompts:
        narrow = shipped.sounds[prompt]
        if (rendered := renderings.get(prompt)) is None:
            continue
        pair, digests = (narrow, wideband(narrow)), ledger.digests_of_files(narrow)
        for path, digest, digest_at_rendering in zip(pair, digests, (rendered.narrow, rendered.wide), strict=True):
            if digest not in ("", digest_at_rendering):
                target = site.recordings / path.relative_to(SHIPPED_RECORDINGS)
                target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
                _copy(path, target)
    earlier.root.rename(site.home.root)
    message = _("{earlier}, the state of an earlier version, is now {state}; its registry is now {numbers}")
    click.echo(message.format(earlier=earlier.root, state=site.home.root, numbers=site.numbers))


def _copy(source: Path, target: Path) -> None:
    """Copy a file that every user may read: it holds no secret, and the hotline may run as another user."""
    shutil.copyfile(source, target)
    target.chmod(0o644)
