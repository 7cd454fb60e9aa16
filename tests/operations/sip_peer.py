"""A SIP peer that answers OPTIONS, or does not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HERE = "127.0.0.1"


COPIED = {b"via", b"from", b"to", b"call-id", b"cseq"}


@contextmanager
def sip_peer(answer: bytes | None) -> Iterator[int]:
    """A UDP port that answers OPTIONS as RFC 3261 (8.2.6.2) requires, or receives OPTIONS and stays silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((HERE, 0))

        def serve() -> None:
            while True:
                request, source = peer.recvfrom(4096)
                if request == b"end":
                    return
                if answer is not None and request.startswith(b"OPTIONS sip:"):
                    status, _, headers = answer.partition(b"\r\n")
                    lines = request.split(b"\r\n")
                    copied = [line for line in lines if line.partition(b":")[0].lower() in COPIED]
                    peer.sendto(b"\r\n".join([status, *copied, headers]), source)

        thread = threading.Thread(target=serve)
        thread.start()
        yield peer.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"end", peer.getsockname())
        thread.join()
