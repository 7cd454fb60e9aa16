"""The words of the citizens' page, in the language of the request."""

from ivr.texts import _


def page_words() -> dict[str, str]:
    """Return each text of the templates by its name."""
    return {
        "file": _("File a matter"),
        "look": _("Look up a matter"),
        "needed": _("(needed)"),
        "title": _("The matter in one sentence"),
        "content": _("What happened, when and where"),
        "kind": _("What do you want?"),
        "county": _("County or district"),
        "place": _("Place: street, building, landmark"),
        "contact": _("Your name"),
        "caller": _("Your telephone number, for questions and the follow-up"),
        "files": _("Photos or documents: up to 5, each up to 10 MB; JPEG, PNG, WebP, HEIC, PDF, Word, Excel"),
        "choose": _("please choose"),
        "send": _("Send"),
        "privacy": _(
            "Your number and name are used to handle this matter only, and are deleted after the retention period. "
            "In an emergency dial 110, 119 or 120."
        ),
        "wrong": _("Please correct:"),
        "filed": _("Your matter was filed"),
        "keep": _("Keep both: with them you look up the state, and grade the answer."),
        "order": _("Number of the work order"),
        "secret": _("Look-up code"),
        "state": _("State"),
        "due": _("To be answered by"),
        "answer": _("Answer"),
        "reason": _("Reason"),
        "turn_to": _("Where you can turn"),
        "into": _("Handled together with work order"),
        "grade": _("Grade the answer"),
        "solved": _("Is your matter solved?"),
        "yes": _("Yes"),
        "no": _("No"),
        "satisfaction": _("How satisfied are you?"),
        "opinion": _("What else do you want to say?"),
        "thanks": _("Thank you. Your grade was noted."),
        "again": _("Thank you. Your matter is handled again."),
    }


def grades() -> list[str]:
    """Return the five grades of 好差评, the best first."""
    return [_("Very satisfied"), _("Satisfied"), _("Fairly satisfied"), _("Dissatisfied"), _("Very dissatisfied")]
