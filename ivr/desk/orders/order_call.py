"""The fields of a new work order that follow from its call. Pure."""

import re
from collections.abc import Mapping
from typing import Any

_LONGEST_WORDS = 1000  # characters


def call_fields(call: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a new work order from a call that `ActDoor.own_or_all` returned."""
    caller_words = words_at_menu(call)
    return {
        **({"caller": call["caller"]} if re.fullmatch(r"\+?[0-9]{3,20}", call["caller"], re.ASCII) else {}),
        **({"number": call["number"]} if re.fullmatch(r"[0-9]{3,12}", call["number"], re.ASCII) else {}),
        **({"said": caller_words} if caller_words else {}),
    }


def words_at_menu(call: Mapping[str, Any]) -> str:
    """Return the words of the caller at the menu; "" if there are none."""
    return " / ".join(dict.fromkeys(text for text in call["said"] if text))[:_LONGEST_WORDS]
