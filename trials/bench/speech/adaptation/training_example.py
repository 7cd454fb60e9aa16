"""An example that a decoder learns from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Heard = NDArray[np.float16]  # what the encoder hears in a sound, shape (places of 20 ms, width)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingExample:
    """A sound, and the tokens of what was said, with the end of the text."""

    heard: Heard
    tokens: tuple[int, ...]
