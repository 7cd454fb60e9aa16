"""Texts packed for a decoder as branches of one tree: what they begin with alike is computed once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNSEEN = -1e9  # added to what a token must not see: as good as minus infinity, and no two of them make a NaN


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """Tokens in a row, each of which sees only those before it in its own texts."""

    tokens: list[int]
    positions: list[int]  # of each within its texts
    unseen: NDArray[np.float32]  # (tokens, tokens): 0 where one sees another, else `UNSEEN`
    rows: list[int]  # the tokens after which something is wanted
    wanted: list[list[tuple[int, int]]]  # of each text, each token: which of the rows it follows, and the token


def pack(start: Sequence[int], texts: Sequence[Sequence[int]]) -> Packed:
    """Pack texts that each follow ``start``, which is not empty."""
    tokens, positions = list(start), list(range(len(start)))
    seen = [set(range(at + 1)) for at in range(len(start))]
    branches: dict[tuple[int, int], int] = {}
    rows: dict[int, int] = {}
    wanted = []
    for text in texts:
        at, places = len(start) - 1, []
        for number, token in enumerate(text):
            places.append((rows.setdefault(at, len(rows)), token))
            if number + 1 == len(text):
                break  # nothing follows the last one
            if (at, token) not in branches:
                branches[at, token] = len(tokens)
                tokens.append(token)
                positions.append(positions[at] + 1)
                seen.append(seen[at] | {branches[at, token]})
            at = branches[at, token]
        wanted.append(places)
    unseen = np.full((len(tokens), len(tokens)), UNSEEN, dtype=np.float32)
    for at, others in enumerate(seen):
        unseen[at, list(others)] = 0
    return Packed(tokens, positions, unseen, list(rows), wanted)
