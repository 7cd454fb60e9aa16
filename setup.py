"""What pyproject.toml cannot say: a wheel holds the Chinese messages, compiled, and the desk's page, built."""

import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

_NPM = Path("ivr/desk/page/npm.sh")


class BuildWithPage(build_py):
    """Compiles ``ivr/texts/locale`` and builds ``ivr/desk/page`` before the package is put together."""

    def run(self) -> None:
        """Compile and build, then go on. Without npm's registry there is a wheel all the same, without the page."""
        for source in Path("ivr/texts/locale").glob("*/LC_MESSAGES/*.po"):
            with source.open(encoding="utf-8") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text))
        if not self.editable_mode and subprocess.run([_NPM, sys.executable, "build"], check=False).returncode != 0:
            self.warn("the desk's page could not be built: this wheel holds none")
        super().run()


setup(cmdclass={"build_py": BuildWithPage})
