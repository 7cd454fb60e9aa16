"""Refusals of the desk: a status of HTTP, a code for programs, a text for people."""

from typing import Any


class DeskRefused(Exception):
    """The refusal of a request; REST and WebSocket show it in the same form."""

    def __init__(self, status: int, code: str, text: str, field: str | None = None, **more: object) -> None:
        """``status`` is the HTTP status code; ``more`` has further members of the error object."""
        super().__init__(text)
        self.status, self.code, self.field, self.more = status, code, field, more

    def to_json(self) -> dict[str, Any]:
        """Return the error object."""
        return {"code": self.code, "message": str(self), "field": self.field, **self.more}
