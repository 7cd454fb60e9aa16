"""What pyproject.toml cannot say: a wheel holds the Chinese messages, compiled."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithMessages(build_py):
    """Compiles ``ivr/texts/locale`` before the package is put together."""

    def run(self) -> None:
        """Compile, then build."""
        for source in Path("ivr/texts/locale").glob("*/LC_MESSAGES/*.po"):
            with source.open(encoding="utf-8") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text))
        super().run()


setup(cmdclass={"build_py": BuildWithMessages})
