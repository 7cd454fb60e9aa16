"""The command refuses what it may not read, and says in a sentence what it lacks."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from testkit.hotline.running import ROOT
from trials.bench.speech.adaptation import captured_sounds
from trials.bench.speech.corpus.sets import OPEN, PROOF
from trials.bench.speech.telephone.conditions import CLEAN

COMMAND = "import runpy; runpy.run_module('trials.bench.speech.adaptation', run_name='__main__')"
STEPS = {
    "capture": ["capture", "sounds"],
    "train": ["train", "sounds", "--output", "a.npz"],
    "judge": ["judge", "sounds", "a.npz"],
}


def refusal(step: str, folder: Path, before: str = "pass") -> str:
    """Run a step in a folder; return the one line with which it refuses."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {before}; {COMMAND}"
    command = [sys.executable, "-c", program, *STEPS[step]]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("package", "step", "extra"),
    [("jax", "train", "adaptation"), ("soxr", "capture", "speech"), ("ctranslate2", "judge", "speech")],
)
def test_without_a_package_the_command_names_the_extra(package: str, step: str, extra: str, tmp_path: Path) -> None:
    line = refusal(step, tmp_path, f"sys.modules[{package!r}] = None")
    assert line == f"the package {package} is missing: pip install -c constraints.txt -e '.[{extra}]'"


@pytest.mark.parametrize("set_name", [PROOF, OPEN])
@pytest.mark.parametrize(("step", "package"), [("train", "jax"), ("judge", "ctranslate2")])
def test_no_step_reads_sounds_of_another_set(step: str, package: str, set_name: str, tmp_path: Path) -> None:
    pytest.importorskip(package, reason="no packages of this step: pip install -c constraints.txt -e '.[adaptation]'")
    captured_sounds.write(tmp_path / "sounds", CLEAN, [])
    file = tmp_path / "sounds" / f"{CLEAN.name}.npz"
    with np.load(file) as arrays:
        kept = dict(arrays)
    np.savez(file, allow_pickle=False, **(kept | {"set": np.array(set_name)}))
    assert refusal(step, tmp_path).endswith(f"sounds of the set {set_name}: only the tuning set may be learnt from")
    assert not (tmp_path / "a.npz").exists()
