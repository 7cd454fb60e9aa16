"""The calls in progress of ``ivr status``."""

from ivr.asterisk.ami.listings import calls_now


def channel(name: str, unique: str, **more: str) -> dict[str, str]:
    return {"Event": "CoreShowChannel", "Channel": name, "Uniqueid": unique, "Linkedid": "1.1", "Duration": "0:01:05",
            "ChannelStateDesc": "Up", **more}  # fmt: skip


def test_a_center_is_shown_by_its_number_and_not_as_the_carrier() -> None:
    citizen = channel(
        "PJSIP/carrier-00000001", "1.1", CallerIDNum="13800000001", AccountCode="12366", BridgeId="b",
        Application="Dial", ApplicationData="PJSIP/carrier/sip:07362123366@192.0.2.1:5060,25,rgb(offer^s^1)",
    )  # fmt: skip
    center = channel("PJSIP/carrier-00000002", "1.2", Application="AppDial")
    (call,) = calls_now([citizen, center], {})
    assert (call.caller, call.line, call.parties, call.stage) == ("13800000001", "12366", ("07362123366",), "talking")


def test_a_consult_shows_its_seats_and_centers() -> None:
    citizen = channel("PJSIP/carrier-00000001", "1.1", Application="Queue", BridgeId="b")
    agent = channel("PJSIP/8001-00000002", "1.2", Application="AppQueue")
    consult = channel(
        "Local/12313@consult-00000001;2",
        "1.3",
        Application="Dial",
        ApplicationData="PJSIP/carrier/sip:12313@192.0.2.1:5060,25",
    )
    center = channel("PJSIP/carrier-00000003", "1.4", Application="AppDial")
    (call,) = calls_now([citizen, agent, consult, center], {})
    assert call.parties == ("8001", "12313")


def test_a_leg_of_the_carrier_with_an_unknown_number_is_shown_as_the_carrier() -> None:
    (call,) = calls_now([channel("PJSIP/8001-00000001", "1.1"), channel("PJSIP/carrier-00000002", "1.2")], {})
    assert call.parties == ("carrier",)


def test_a_call_names_the_group_in_whose_queue_one_of_its_channels_waits() -> None:
    citizen = channel("PJSIP/carrier-00000001", "1.1", Application="Dial")
    own_half = channel("Local/119-agent@emergency-00000001;2", "1.3", Application="Queue")
    (call,) = calls_now([citizen, own_half], {"1.3": "general", "1.9": "water"})
    assert call.queue == "general"
    assert calls_now([citizen], {"1.3": "general"})[0].queue == ""


def test_a_step_of_the_dialplan_is_no_number_dialled() -> None:
    """A call to a name, `sip:main@…`, has no number dialled."""
    new = channel("PJSIP/carrier-00000001", "1.1", CallerIDNum="<unknown>", Context="from-carrier", Exten="+8673512345")
    at_menu = channel("PJSIP/carrier-00000001", "1.1", CallerIDNum="<unknown>", Context="step", Exten="open-say")
    key_pressed = channel("PJSIP/carrier-00000001", "1.1", Context="queue-keys", Exten="1")
    lines = [calls_now([state], {})[0].line for state in (new, at_menu, key_pressed)]
    assert lines == ["+8673512345", "", ""]
    assert calls_now([at_menu], {})[0].caller == "", "a withheld number is no text"
