"""The weights of known texts, kept in a folder, because they take some seconds of a core to learn.

The name of a file is a hash of the texts, their owners, the versions of the packages, and the modules that learn. So a
file is never out of date. The format is numpy's, without pickled objects.
"""

import contextlib
import hashlib
import importlib.resources
import json
import logging
import os
import tempfile
import zipfile
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ivr.meaning.comparison import TextMeanings
from ivr.meaning.encoder import Encode
from ivr.meaning.learnt import Learnt
from ivr.meaning.owned_texts import KnownTexts, OwnedTexts, TextWeights, text_weights
from ivr.meaning.package import PACKAGE
from ivr.texts import _

_KEPT = 4  # files: for two menus, today and tomorrow
_ROOMS = ("ivr.meaning", "ivr.phonetics")  # the modules that learn
_PACKAGES = (PACKAGE, "pypinyin", "numpy")
_PREFIX = "weights-"

log = logging.getLogger(__name__)


def kept_or_learnt(folder: Path | None, encode: Encode, known: KnownTexts) -> TextWeights:
    """Return the weights that ``folder`` has, else learn and keep them.

    A damaged file is replaced, with a line in the log. If the folder cannot be read or written, the log says so, and
    the weights are learnt each time.

    Args:
        folder: the folder, which exists; None keeps nothing.
        encode: the sentence encoder.
        known: the texts with their owners.
    """
    if folder is None:
        return text_weights(encode, known)
    path = folder / f"{_PREFIX}{_hash(known)}.npz"
    if stored := _read(path, known):
        return stored
    weights = text_weights(encode, known)
    try:
        _write(path, weights)
        _forget_others(path)
    except OSError as problem:
        log.warning(_("the weights of the texts of the lines cannot be kept: %s"), problem)
    return weights


def owned_texts(
    folder: Path | None,
    encode: Encode,
    texts: Sequence[str],
    others: Sequence[str],
    owners: Sequence[Sequence[int]],
) -> OwnedTexts:
    """Return texts ready to be compared, with their kept weights; see `KnownTexts` for the arguments."""
    known = KnownTexts(texts, others, owners)
    return OwnedTexts(encode, known, kept_or_learnt(folder, encode, known))


def _hash(known: KnownTexts) -> str:
    content = [[version(package) for package in _PACKAGES], _program(), known.texts, known.others, known.owners]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


@cache
def _program() -> str:
    """Return a hash of the modules that learn."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        files = (file for file in importlib.resources.files(room).iterdir() if file.name.endswith(".py"))
        for file in sorted(files, key=lambda file: file.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(path: Path, known: KnownTexts) -> TextWeights | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            terms = dict(zip(file["terms"].tolist(), file["term_weights"].tolist(), strict=True))
            weights = TextWeights(
                TextMeanings(file["mean"], file["axes"], file["rows"]), Learnt(terms, file["coefficients"])
            )
    except FileNotFoundError:
        log.info("%s", _("the weights of the texts of the lines are learnt, which takes some seconds"))
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        log.warning(_("%s is damaged; the weights of the texts of the lines are learnt anew: %s"), path, problem)
        return None
    if len(weights.meanings.rows) != len(known.texts) + len(known.others):
        log.warning(_("%s is damaged; the weights of the texts of the lines are learnt anew: %s"), path, "rows")
        return None
    return weights


def _write(path: Path, weights: TextWeights) -> None:
    """Write the file whole or not at all; every user who may enter the folder may read it."""
    meanings, learnt = weights.meanings, weights.learnt
    handle, fresh = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                mean=meanings.mean,
                axes=meanings.axes,
                rows=meanings.rows,
                terms=np.array(list(learnt.terms)),
                term_weights=np.array(list(learnt.terms.values())),
                coefficients=learnt.coefficients,
            )
            os.fchmod(file.fileno(), 0o644)  # root's command may write a file that the hotline's user reads
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _forget_others(path: Path) -> None:
    """Delete all files but the latest."""
    written = sorted(path.parent.glob(f"{_PREFIX}*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in written[_KEPT:]:
        with contextlib.suppress(FileNotFoundError):
            old.unlink()
