"""Refuses secrets in a registry, because a registry is shown, copied and committed."""

import re

from ivr.registry.problems import Problems
from ivr.registry.quoting import shown
from ivr.registry.tree import Mapping, Node, Sequence
from ivr.texts import _

_SECRET = re.compile(
    r"passw|passphrase|secret|token|credential|private[-_ ]?key|api[-_ ]?key|密码|口令|密钥"
    r"|(?:^|[-_ ])(?:pin|pwd|pass)(?:$|[-_ 0-9])",
    re.IGNORECASE,
)


def is_secret(key: str) -> bool:
    """Tell whether a key looks like the key of a secret."""
    return _SECRET.search(key) is not None


def refuse_secrets(node: Node, problems: Problems) -> None:
    """Add a problem for every key of a secret under ``node``; the value is neither read nor shown."""
    if isinstance(node, Sequence):
        for element in node.items:
            refuse_secrets(element, problems)
    elif isinstance(node, Mapping):
        for key, value in node.values.items():
            if is_secret(key):
                message = _(
                    "the key {key} looks like a secret, and secrets never stand here: remove it "
                    "(passwords are made at first start; `ivr seats --secrets` shows the seats')"
                )
                problems.add(node.keys[key], message.format(key=shown(key)))
            refuse_secrets(value, problems)
