"""Peers of the FastAGI port that are no Asterisk: silent, with half a header, endless, slow, binary, and many."""

import random
import selectors
import socket
import time
from collections.abc import Iterator

IDLE = 2000
_AT_ONCE = 400  # peers at once; more than the engine accepts without a header
_KINDS = ("nothing", "half", "no end", "binary", "wrong script", "hostile values")


def idle(port: int, count: int = IDLE) -> Iterator[None]:
    """Open ``count`` connections that send nothing, and hold the connections that the engine does not close."""
    connections: list[socket.socket] = []
    try:
        for _ in range(count):
            peer = socket.socket()
            peer.settimeout(2)
            try:
                peer.connect(("127.0.0.1", port))
            except OSError:
                peer.close()
                continue
            connections.append(peer)
            yield
        until = time.monotonic() + 2
        while time.monotonic() < until:
            yield
    finally:
        for peer in connections:
            peer.close()


def babble(port: int, count: int, seed: int) -> Iterator[None]:
    """Connect ``count`` times, and send bytes that no Asterisk sends."""
    chance = random.Random(seed)
    with selectors.DefaultSelector() as open_peers:
        for _ in range(count):
            peer = socket.socket()
            peer.settimeout(2)
            try:
                peer.connect(("127.0.0.1", port))
                peer.sendall(_hostile_bytes(chance))
                peer.setblocking(False)
            except OSError:
                peer.close()
            else:
                open_peers.register(peer, selectors.EVENT_READ)
            for key, _events in open_peers.select(0):  # the engine closed the connection
                _close(open_peers, key.fileobj)
            if len(open_peers.get_map()) > _AT_ONCE:
                _close(open_peers, next(iter(open_peers.get_map().values())).fileobj)
            yield
        for key in list(open_peers.get_map().values()):
            _close(open_peers, key.fileobj)


def _close(open_peers: selectors.BaseSelector, peer: object) -> None:
    assert isinstance(peer, socket.socket)
    open_peers.unregister(peer)
    peer.close()


def _hostile_bytes(chance: random.Random) -> bytes:
    match chance.choice(_KINDS):
        case "nothing":
            return b"\n"
        case "half":
            return b"agi_network: yes\nagi_network_script: citizen\n"
        case "no end":
            return b"agi_x: 1\n" * 2000
        case "binary":
            return chance.randbytes(2000) + b"\n\n"
        case "wrong script":
            return b"agi_network_script: ../../../bin/sh\nagi_uniqueid: 1.1\n\n"
        case _:
            return (
                b"agi_network_script: citizen\nagi_uniqueid: 1\r2.3;id\nagi_callerid: ${SHELL(id)}\nagi_arg_1: *81\n\n"
            )
