"""The codes of records and states as tables show them: a Chinese admin reads Chinese, any other admin the code itself.

The codes stay as they are in JSON and in the database. The catalogue holds each code together with its kind, because a
code may have two translations: a seat that is "busy" is 置忙, a phone that is "busy" is 占线.
"""

from collections.abc import Mapping

from ivr.call_events.values import SpeechDecision
from ivr.texts import _

_MODES = {
    "hotline": _("mode: hotline"),
    "merged": _("mode: merged"),
    "dual": _("mode: dual"),
    "subcenter": _("mode: subcenter"),
}
_ROLES = {
    "agent": _("role: agent"),
    "expert": _("role: expert"),
    "supervisor": _("role: supervisor"),
    "admin": _("role: admin"),
    "auditor": _("role: auditor"),
    "unit": _("role: unit"),
}
_OUTCOMES = {
    "answered": _("outcome: answered"),
    "message": _("outcome: message"),
    "informed": _("outcome: informed"),
    "abandoned": _("outcome: abandoned"),
    "failed": _("outcome: failed"),
    "refused": _("outcome: refused"),
    "in-progress": _("outcome: in-progress"),
}
_FALLBACKS = {
    "expert-away": _("fallback: expert-away"),
    "expert-busy": _("fallback: expert-busy"),
    "expert-silent": _("fallback: expert-silent"),
    "center-busy": _("fallback: center-busy"),
    "center-silent": _("fallback: center-silent"),
    "center-unreachable": _("fallback: center-unreachable"),
    "closed": _("fallback: closed"),
    "no-agent": _("fallback: no-agent"),
    "queue-full": _("fallback: queue-full"),
    "gave-up": _("fallback: gave-up"),
    "callback": _("fallback: callback"),
    "came-back": _("fallback: came-back"),
    "blocked": _("fallback: blocked"),
    "caller-limit": _("fallback: caller-limit"),
    "trunk-limit": _("fallback: trunk-limit"),
    "technical": _("fallback: technical"),
}
_LEG_KINDS = {
    "general": _("leg: general"),
    "enterprise": _("leg: enterprise"),
    "expert": _("leg: expert"),
    "center": _("leg: center"),
    "consult": _("leg: consult"),
    "linkage": _("leg: linkage"),
    "message": _("leg: message"),
    "listen": _("leg: listen"),
    "whisper": _("leg: whisper"),
    "join": _("leg: join"),
    "take-over": _("leg: take-over"),
    "hang-up": _("leg: hang-up"),
}
_LEG_RESULTS = {
    "answered": _("result: answered"),
    "no-answer": _("result: no-answer"),
    "busy": _("result: busy"),
    "unavailable": _("result: unavailable"),
    "cancelled": _("result: cancelled"),
    "failed": _("result: failed"),
    "recorded": _("result: recorded"),
    "ringing": _("result: ringing"),
}
_PHONES = {
    "online": _("phone: online"),
    "offline": _("phone: offline"),
}
_SEAT_STATES = {
    "offline": _("seat: offline"),
    "signed-out": _("seat: signed-out"),
    "ready": _("seat: ready"),
    "busy": _("seat: busy"),
    "wrap-up": _("seat: wrap-up"),
    "ringing": _("seat: ringing"),
    "in-call": _("seat: in-call"),
}
_BUSY_REASONS = {
    "break": _("busy: break"),
    "meal": _("busy: meal"),
    "meeting": _("busy: meeting"),
    "training": _("busy: training"),
    "paperwork": _("busy: paperwork"),
    "no-answer": _("busy: no-answer"),
}
_STAGES = {
    "menu": _("call: menu"),
    "waiting": _("call: waiting"),
    "dialling": _("call: dialling"),
    "talking": _("call: talking"),
    "message": _("call: message"),
}
_CALLBACK_STATES = {
    "due": _("callback: due"),
    "ringing": _("callback: ringing"),
    "reached": _("callback: reached"),
    "called-again": _("callback: called-again"),
    "wrong-number": _("callback: wrong-number"),
    "given-up": _("callback: given-up"),
    "expired": _("callback: expired"),
}
_MENU_ANSWERS = {
    "silence": _("answer: silence"),
    "speech": _("answer: speech"),
}


def mode(code: str) -> str:
    """Return the mode of a number."""
    return _in_words(_MODES, code)


def role(code: str) -> str:
    """Return a person's role."""
    return _in_words(_ROLES, code)


def outcome(code: str) -> str:
    """Return how a call ended."""
    return _in_words(_OUTCOMES, code)


def fallback(code: str) -> str:
    """Return why an offer found no agent."""
    return _in_words(_FALLBACKS, code)


def leg_kind(code: str) -> str:
    """Return the kind of a leg."""
    return _in_words(_LEG_KINDS, code)


def leg_result(code: str) -> str:
    """Return how a leg ended."""
    return _in_words(_LEG_RESULTS, code)


def phone(code: str) -> str:
    """Return whether a seat's phone is registered."""
    return _in_words(_PHONES, code)


def seat_state(code: str) -> str:
    """Return the state of a seat."""
    return _in_words(_SEAT_STATES, code)


def busy_reason(code: str) -> str:
    """Return why a seat is busy."""
    return _in_words(_BUSY_REASONS, code)


def stage(code: str) -> str:
    """Return the stage of a call in progress."""
    return _in_words(_STAGES, code)


def callback_state(code: str) -> str:
    """Return the state of a callback."""
    return _in_words(_CALLBACK_STATES, code)


def path(code: str) -> str:
    """Return the path through the menus: "main:1", "main:silence", "main:*/main:speech"."""
    steps = (step.partition(":") for step in code.split("/") if step)
    return "/".join(f"{menu}{colon}{_in_words(_MENU_ANSWERS, answer)}" for menu, colon, answer in steps)


def _in_words(texts: Mapping[str, str], code: str) -> str:
    text = texts.get(code, code)
    return code if text.endswith(f": {code}") else text


def speech_failure(decision: SpeechDecision) -> str:
    """Return why the caller was not understood; "" if the caller was."""
    match decision:
        case SpeechDecision.TOO_SLOW:
            return _("not heard: the recogniser was too slow")
        case SpeechDecision.NO_RECOGNIZER:
            return _("not heard: the recogniser failed")
        case _:
            return ""
