"""An act of the desk that cannot be done now."""


class ActRefused(Exception):
    """An act that is refused; ``str()`` is the reason, in the language of the person at the desk."""

    def __init__(self, code: str, text: str, field: str | None = None) -> None:
        """Take a code for programs, the text for people, and the name of the wrong argument, if there is one."""
        super().__init__(text)
        self.code, self.field = code, field
