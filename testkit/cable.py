"""A TCP proxy in place of the cable between a browser and the desk: a test cuts it or unplugs it."""

import contextlib
import socket
import threading
from typing import Self

_PIECE = 65536  # bytes


class Cable:
    """Forwards the TCP connections to a port of its own to a server.

    Attributes:
        address: HOST:PORT to which the browser connects.
    """

    def __init__(self, server: str) -> None:
        """``server`` is "HOST:PORT"."""
        host, port = server.rsplit(":", 1)
        self._server = host, int(port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self._carries = threading.Event()
        self._carries.set()
        self._is_cut = False
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.close()
        self.cut()
        self._carries.set()

    def cut(self) -> None:
        """End every connection, and refuse new connections."""
        self._is_cut = True
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def unplug(self) -> None:
        """Forward no byte; neither end of a connection gets an error."""
        self._carries.clear()

    def mend(self) -> None:
        """Forward bytes again, and accept new connections."""
        self._is_cut = False
        self._carries.set()

    def _accept(self) -> None:
        while True:
            try:
                from_page, _from = self._listening.accept()
            except OSError:  # the context manager has closed the port
                return
            try:
                to_server = None if self._is_cut else socket.create_connection(self._server)
            except OSError:  # the server has not started yet
                to_server = None
            if to_server is None:
                from_page.close()
                continue
            self._open |= {from_page, to_server}
            for source, sink in ((from_page, to_server), (to_server, from_page)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                self._carries.wait()
                sink.sendall(piece)
        for connection in (source, sink):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()
