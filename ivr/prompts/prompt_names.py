"""Names of prompts: the path of the audio below the language's folder, without its ending."""

import re

_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9*-]+)*")
_LONGEST = 80


def is_prompt_name(prompt: str) -> bool:
    """Tell whether this may be the name of a prompt: ``menu-main``, ``phone/1``."""
    return len(prompt) <= _LONGEST and _NAME.fullmatch(prompt) is not None
