"""A cable between a browser and the desk that a test cuts or unplugs."""

import contextlib
import socket
import threading
from typing import Self

_PIECE = 65536  # bytes


class Cable:
    """Leads the TCP connections of a port of its own to a server.

    Attributes:
        address: what the browser connects to.
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
        """End every connection, and let no other begin."""
        self._is_cut = True
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def unplug(self) -> None:
        """Carry nothing; neither side is told."""
        self._carries.clear()

    def mend(self) -> None:
        """Carry again what is sent, and let connections begin."""
        self._is_cut = False
        self._carries.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _from = self._listening.accept()
            except OSError:  # the cable is thrown away
                return
            try:
                far = None if self._is_cut else socket.create_connection(self._server)
            except OSError:  # the server has not started yet
                far = None
            if far is None:
                near.close()
                continue
            self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                self._carries.wait()
                sink.sendall(piece)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()
