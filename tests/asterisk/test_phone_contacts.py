"""The registrations of phones, as Asterisk's console prints its database."""

from ivr.asterisk.config.phone_contacts import PhoneContact, phone_contacts

SHOWN = """\
/registrar/contact/8001;@0f1e2d3c4b5a69788796a5b4c3d2e1f0: {"uri":"sip:8001@192.0.2.9:40123;transport=TLS","user_agent":"Yealink SIP-T31P 124.86","endpoint":"8001"}
/registrar/contact/9;@1                           : {"uri":"sip:9@192.0.2.8","user_agent":"x\\u001b[31m","endpoint":"9"}
/registrar/contact/8002;@2: {"uri": broken
3 results found.
"""  # noqa: E501


def test_each_phone_has_address_and_user_agent() -> None:
    assert phone_contacts(SHOWN) == {
        "8001": [PhoneContact("192.0.2.9:40123", "Yealink SIP-T31P 124.86")],
        "9": [PhoneContact("192.0.2.8", "x[31m")],
    }
