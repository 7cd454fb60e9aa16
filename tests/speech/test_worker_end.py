"""The engine dies while a recogniser loads its model: the recogniser ends, and an admin reads no traceback."""

import os
import subprocess
import sys

PROGRAM = """
from ivr.speech import model_search, worker

class Recognizer:
    name = "made up"

    def read_sample(self, sound, vocabulary):
        pass

model_search.FoundRecognizer.from_arguments = lambda arguments: None
model_search.load = lambda found: Recognizer()
worker.main()
"""


def test_a_recogniser_whose_engine_died_ends_without_a_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
