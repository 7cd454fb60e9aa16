"""The log file of a long-running process. A new file begins when the old file is full."""

import logging
from logging.handlers import RotatingFileHandler


class LogRotationFile(RotatingFileHandler):
    """Checks the size of the file, because the library's handler formats each line twice to know its length."""

    def shouldRollover(self, _record: logging.LogRecord) -> bool:  # noqa: N802 - the library's name
        """Tell whether the file is full."""
        return self.stream is not None and self.stream.tell() >= self.maxBytes
