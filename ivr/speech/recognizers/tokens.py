"""Whisper's tokens: byte pairs, as its tokenizer.json defines them. Pure but for reading that file."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

# Letters, figures and other signs are never in one token; a space goes with what follows it.
_PIECES = re.compile(r" ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+")


def _printable() -> dict[int, str]:
    """Return the sign that stands for each byte in the file: itself where it can be seen, else one from 256 on."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    unseen = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + at) for at, byte in enumerate(unseen)}


_SIGNS = _printable()
_BYTES = {sign: byte for byte, sign in _SIGNS.items()}


class Tokens:
    """Text to tokens and back."""

    def __init__(self, file: Path) -> None:
        """Read tokenizer.json."""
        data = json.loads(file.read_text(encoding="utf-8"))
        self._numbers: dict[str, int] = data["model"]["vocab"]
        self._texts = {number: text for text, number in self._numbers.items()}
        self._special = {token["content"]: int(token["id"]) for token in data["added_tokens"]}
        pairs = (tuple(pair.split(" ") if isinstance(pair, str) else pair) for pair in data["model"]["merges"])
        self._ranks = {pair: rank for rank, pair in enumerate(pairs)}

    def special(self, name: str) -> int:
        """Return a token with a meaning of its own, ``<|zh|>``."""
        return self._special[name]

    def encode(self, text: str) -> list[int]:
        """Return a text's tokens."""
        return [self._numbers[token] for piece in _PIECES.findall(text) for token in self._merged(piece)]

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; special ones, and characters of which a part is missing, are left out."""
        signs = "".join(self._texts[token] for token in tokens if token not in self._special.values())
        return bytes(_BYTES[sign] for sign in signs).decode("utf-8", "ignore")

    def _merged(self, piece: str) -> list[str]:
        parts = [_SIGNS[byte] for byte in piece.encode()]
        while len(parts) > 1:
            ranked = [(self._ranks.get(pair, len(self._ranks)), pair) for pair in pairwise(parts)]
            rank, pair = min(ranked)
            if rank == len(self._ranks):
                break
            merged: list[str] = []
            for part in parts:
                if merged and (merged[-1], part) == pair:
                    merged[-1] += part
                else:
                    merged.append(part)
            parts = merged
        return parts
