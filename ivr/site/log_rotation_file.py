"""The log file of a long-running process: a new file begins when the last line has filled the old file."""

import logging
from logging.handlers import RotatingFileHandler


class LogRotationFile(RotatingFileHandler):
    """Looks at the size of the file; the library's handler formats each line a second time to know its length."""

    def shouldRollover(self, _record: logging.LogRecord) -> bool:  # noqa: N802 - the library's name
        """Tell whether the file is full."""
        return self.stream is not None and self.stream.tell() >= self.maxBytes
