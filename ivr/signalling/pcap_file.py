"""A pcap file of SIP messages, which Wireshark and sngrep read. Pure."""

import socket
import struct
from collections.abc import Iterable

from ivr.signalling.hep import CapturedPacket

_RAW_IP = 101  # link type: an IP packet without a frame around it
_UDP = 17


def pcap(packets: Iterable[CapturedPacket]) -> bytes:
    """Return the file. Each message is one UDP packet, also if it came by TCP; the addresses are IPv4."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, _RAW_IP)]
    for packet in packets:
        ip = _ip(packet)
        seconds = int(packet.at)
        parts.append(struct.pack("<IIII", seconds, int((packet.at - seconds) * 1e6), len(ip), len(ip)) + ip)
    return b"".join(parts)


def _ip(packet: CapturedPacket) -> bytes:
    udp = struct.pack("!HHHH", packet.source[1], packet.destination[1], 8 + len(packet.payload), 0) + packet.payload
    source, destination = (socket.inet_aton(address) for address in (packet.source[0], packet.destination[0]))
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, _UDP, 0, source, destination)
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~(total + (total >> 16)) & 0xFFFF
    return head[:10] + struct.pack("!H", checksum) + head[12:] + udp
