"""The calibration as a Python module."""

from collections.abc import Mapping, Sequence

from ivr.intents.cry import CRY_FEATURES, CryCalibration
from ivr.intents.features import NONE_FEATURES, TARGET_FEATURES
from ivr.intents.likelihood import Calibration

_HEAD = '''"""The weights of sound, meaning and evidence, and the thresholds of likelihood.

Made by ``python -m trials.bench.speech.calibration --write`` from readings of the tuning set; not to be edited by
hand.
"""

from ivr.intents.cry import CryCalibration
from ivr.intents.likelihood import Calibration, Coefficients
'''


def source(models: Mapping[str, Calibration], cries: Mapping[str, CryCalibration]) -> str:
    """Return the module's text, as ruff formats it."""
    parts = [_HEAD]
    for name, model in models.items():
        parts.append(
            f"{name} = Calibration(\n    Coefficients(\n"
            f"        targets=(\n{_lines(TARGET_FEATURES, model.coefficients.targets, 12)}        ),\n"
            f"        none=(\n{_lines(NONE_FEATURES, model.coefficients.none, 12)}        ),\n    ),\n"
            f"    sure={model.sure},\n    ask={model.ask},\n    which={model.which},\n)\n"
        )
    for name, cry in cries.items():
        parts.append(
            f"{name} = CryCalibration(\n    coefficients=(\n{_lines(CRY_FEATURES, cry.coefficients, 8)}    ),\n"
            f"    ask={cry.ask},\n    cried={cry.cried},\n)\n"
        )
    return "\n".join(parts)


def _lines(names: Sequence[str], values: Sequence[float], indent: int) -> str:
    return "".join(f"{' ' * indent}{value},  # {name}\n" for name, value in zip(names, values, strict=True))
