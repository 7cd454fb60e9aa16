"""Writes the registry in force on all nodes into this node's site folder, because the next change may begin here."""

import logging
from pathlib import Path

from ivr.editing.site_files import SiteClosed, SiteFiles
from ivr.registry.problems import RegistryError
from ivr.site.registry_history import ORDERS, RegistryVersion
from ivr.texts import _

log = logging.getLogger(__name__)


def write_back(numbers: Path, before: RegistryVersion, after: RegistryVersion) -> None:
    """Write the registry in force into the site folder, unless an admin has changed the files there meanwhile.

    Args:
        numbers: the registry's file.
        before: the version that was in force.
        after: the version that is in force now.
    """
    site, orders = SiteFiles(numbers), numbers.with_name(ORDERS)
    try:
        now = (site.text(), orders.read_text(encoding="utf-8") if orders.exists() else None)
        if now == (after.text, after.orders):
            return  # the files of this node were put in force
        if now != (before.text, before.orders):
            text = _("%s has changes that are not in force, and stays as it is; the registry in force is another one")
            log.warning(text, numbers)
            return
        prepared = site.prepare(after.text, after.recordings)
        prepared.commit()
        if after.orders is None:
            orders.unlink(missing_ok=True)
        elif after.orders != before.orders:
            orders.write_text(after.orders, encoding="utf-8")
    except (SiteClosed, OSError, RegistryError) as error:
        log.warning(_("%s stays as it was, and is not the registry in force: %s"), numbers, error)
