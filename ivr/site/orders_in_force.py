"""orders.yaml beside the registry: the admin's file, the file in force, and the shipped file for sites without one."""

from dataclasses import dataclass
from pathlib import Path

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import load_directory
from ivr.registry.load import read_text
from ivr.registry.model import Registry
from ivr.runtime.layout import Home
from ivr.shipped import ORDERS as SHIPPED
from ivr.site import registry_history
from ivr.site.registry_history import ORDERS


@dataclass(frozen=True, slots=True)
class OrdersText:
    """The text of an orders.yaml."""

    text: str
    file: str  # its name for messages
    own: bool  # the site's own file, not the shipped file

    def directory(self, registry: Registry) -> OrderDirectory:
        """Return the content.

        Raises:
            RegistryError: the text has problems.
        """
        return load_directory(self.text, self.file, registry, own=self.own)


def beside(numbers: Path) -> OrdersText:
    """Return the orders.yaml beside a registry file, or the shipped file.

    Raises:
        RegistryError: the file cannot be read.
    """
    own_file = numbers.parent / ORDERS
    return OrdersText(read_text(own_file), str(own_file), own=True) if own_file.exists() else shipped()


def shipped() -> OrdersText:
    """Return the orders.yaml that comes with the program."""
    return OrdersText(SHIPPED.read_text(encoding="utf-8"), str(SHIPPED), own=False)


def orders_of(text: str | None, file: str = ORDERS) -> OrdersText:
    """Return the orders.yaml of ``text``, from history or staging; the shipped file if ``text`` is None."""
    return shipped() if text is None else OrdersText(text, file, own=True)


def directory_in_force(home: Home, registry: Registry) -> OrderDirectory:
    """Return the content of the orders.yaml in force.

    Raises:
        FileNotFoundError: no hotline ever ran in this home.
        RegistryError: it has problems, because this version of the program checks more than the version that ran.
    """
    return orders_of(registry_history.in_force(home).orders).directory(registry)
