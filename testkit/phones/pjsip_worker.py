"""A PJSIP endpoint in a process of its own, driven over a socket by `worker_pool.PhoneWorker`.

PJSIP allows one endpoint in a process, and the installed package holds 4 calls and 8 accounts, so a test with many
phones has several processes. The process decides nothing: it carries out the test's commands and sends events.
It is run as a script with the number of its socket, and ends when the socket closes.
"""

import faulthandler
import functools
import json
import os
import re
import select
import socket
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import pjsua2 as pj

Pj: TypeAlias = Any  # objects of SWIG, which have no types
HOST = "127.0.0.1"
JITTER_MS = 80
TRANSPORTS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
STATES = {
    pj.PJSIP_INV_STATE_CALLING: "calling",
    pj.PJSIP_INV_STATE_INCOMING: "incoming",
    pj.PJSIP_INV_STATE_EARLY: "early",
    pj.PJSIP_INV_STATE_CONNECTING: "connecting",
    pj.PJSIP_INV_STATE_CONFIRMED: "connected",
    pj.PJSIP_INV_STATE_DISCONNECTED: "ended",
}


def reported(callback: Callable[..., None]) -> Callable[..., None]:
    """Report an exception in a callback to the test, because PJSIP would drop it."""

    @functools.wraps(callback)
    def guarded(self: Pj, *args: Pj) -> None:
        try:
            callback(self, *args)
        except Exception:
            self.worker.send_event("error", traceback.format_exc())

    return guarded


class PjsipAccount(pj.Account):  # type: ignore[misc]
    """A SIP account with a transport of its own."""

    def __init__(self, worker: "PjsipEndpoint", name: str, transport: int, port: int) -> None:
        super().__init__()
        self.worker, self.name, self.transport, self.port = worker, name, transport, port

    @reported
    def onRegState(self, prm: Pj) -> None:  # noqa: N802
        self.worker.send_event("registration", self.name, prm.code, prm.reason, self.getInfo().regIsActive)

    @reported
    def onIncomingCall(self, prm: Pj) -> None:  # noqa: N802
        self.worker.incoming(self, prm)


class PjsipCall(pj.Call):  # type: ignore[misc]
    """A call with its tone, and the recording of the sound that it hears."""

    def __init__(
        self, worker: "PjsipEndpoint", account: PjsipAccount, name: str, call_id: int = pj.PJSUA_INVALID_ID
    ) -> None:
        super().__init__(account, call_id)
        self.worker, self.name = worker, name
        self.player: Pj = None
        self.sayings: list[Pj] = []  # players of files that are sent once
        self.recorder: Pj = None
        self.partner: PjsipCall | None = None
        self.ended = False

    def media(self, tone: str, recording: str) -> None:
        """Prepare to loop the file `tone`, and start the recording, which has silence before there is media."""
        self.recorder = pj.AudioMediaRecorder()
        self.recorder.createRecorder(recording)
        self.worker.silence.startTransmit(self.recorder)
        if tone:
            self.player = pj.AudioMediaPlayer()
            self.player.createPlayer(tone)
        self.connect_media()

    @reported
    def onCallState(self, prm: Pj) -> None:  # noqa: N802
        info = self.getInfo()
        self.ended = info.state == pj.PJSIP_INV_STATE_DISCONNECTED
        state = STATES.get(info.state, "calling")
        self.worker.send_event("state", self.name, state, info.lastStatusCode, info.lastReason)
        if self.ended:
            self.worker.ended.append(self.name)

    @reported
    def onCallMediaState(self, prm: Pj) -> None:  # noqa: N802
        self.connect_media()
        self.worker.send_event("media", self.name)

    @reported
    def onCallTransferStatus(self, prm: Pj) -> None:  # noqa: N802
        self.worker.send_event("transferred", self.name, prm.statusCode)
        if prm.finalNotify and prm.statusCode < 300:
            self.hangup(pj.CallOpParam(True))  # as real phones do

    @reported
    def onDtmfDigit(self, prm: Pj) -> None:  # noqa: N802
        self.worker.send_event("key", self.name, prm.digit)

    def audio(self) -> Pj:
        """Return the call's audio if it is active, else None."""
        if self.ended or self.getId() == pj.PJSUA_INVALID_ID or not self.hasMedia():
            return None
        info = self.getInfo()
        flows = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)
        for index, media in enumerate(info.media):
            # A call that ends has audio without a bridge slot; PJSIP aborts the process if such audio is connected.
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status in flows and media.audioConfSlot >= 0:
                return self.getAudioMedia(index)
        return None

    def connect_media(self) -> None:
        """Connect tone, recording and partner to the call's audio, which a re-INVITE may have replaced."""
        audio = self.audio()
        if audio is None:
            return
        if self.player is not None:
            self.player.startTransmit(audio)
        if self.recorder is not None:
            audio.startTransmit(self.recorder)
        partner_audio = self.partner.audio() if self.partner else None
        if partner_audio is not None:
            audio.startTransmit(partner_audio)
            partner_audio.startTransmit(audio)

    def release(self) -> None:
        """Close the recording, so that the file is complete."""
        self.player = self.recorder = self.partner = None
        self.sayings.clear()


class Endpoint(pj.Endpoint):  # type: ignore[misc]
    """The endpoint; it reports a call without a free slot, which would otherwise look like a busy phone."""

    worker: "PjsipEndpoint"

    @reported
    def onSelectAccount(self, prm: Pj) -> None:  # noqa: N802
        port = re.match(r"\S+ sip:[^ ]*?127\.0\.0\.1:(\d+)", prm.rdata.wholeMsg)
        for account in self.worker.accounts.values():
            if port and account.port == int(port[1]):
                prm.accountIndex = account.getId()

    @reported
    def onRejectedIncomingCall(self, prm: Pj) -> None:  # noqa: N802
        parties = f"{prm.localInfo} refused {prm.remoteInfo}"
        self.worker.send_event("error", f"no free call slot in the phones' process: {parties}")


def settings(log: Path, log_level: int) -> Pj:
    """Return the endpoint's configuration: one thread for SIP, 8 kHz, and no processing of the audio."""
    defaults = pj.JsonDocument()
    defaults.writeObject(pj.EpConfig())
    values = json.loads(defaults.saveString())
    values["EpConfig"]["UaConfig"] |= {"threadCnt": 0, "mainThreadOnly": True, "userAgent": "phone"}
    values["EpConfig"]["LogConfig"] |= {
        "level": log_level,
        "consoleLevel": 0,
        "msgLogging": int(log_level >= 4),
        "filename": str(log),
    }
    values["EpConfig"]["MediaConfig"] |= {
        "clockRate": 8000,
        "sndClockRate": 8000,
        "audioFramePtime": 20,
        "ecTailLen": 0,
        "noVad": True,
        "quality": 1,
        "sndAutoCloseTime": -1,
        # The jitter buffer waits for late frames and drops none, because a lost frame breaks a tone.
        "jbDiscardAlgo": 0,
        "jbInit": JITTER_MS,
        "jbMinPre": JITTER_MS,
        "jbMaxPre": JITTER_MS,
    }
    changed_values = pj.JsonDocument()
    changed_values.loadString(json.dumps(values))
    config = pj.EpConfig()
    changed_values.readObject(config)
    return config


class PjsipEndpoint:
    """The endpoint with its accounts and calls."""

    def __init__(self, connection: Connection, folder: Path, log_level: int) -> None:
        self.connection = connection
        self.accounts: dict[str, PjsipAccount] = {}
        self.calls: dict[str, PjsipCall] = {}
        self.ended: list[str] = []  # calls that ended in a callback; they are removed outside of it
        # Every call object is kept: its destructor would hang up its id, which PJSIP may have given to a new call.
        self.kept: list[PjsipCall] = []
        self.count = 0
        self.nowhere = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)  # replaces unplugged accounts' sockets
        self.endpoint = Endpoint()
        self.endpoint.worker = self
        self.endpoint.libCreate()
        self.endpoint.libInit(settings(folder / f"pjsip-{os.getpid()}.log", log_level))
        self.endpoint.audDevManager().setNullDev()
        self.endpoint.libStart()
        for codec in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMA/") else 0)
        self.silence = pj.AudioMediaPlayer()
        self.silence.createPlayer(str(folder / "silence.wav"))

    def send_event(self, *event: object) -> None:
        """Send an event to the test."""
        self.connection.send(event)

    def run(self) -> None:
        """Serve until the test closes the socket."""
        commands = select.poll()  # made once, because `Connection.poll` takes longer than PJSIP's own work
        commands.register(self.connection, select.POLLIN)
        while True:
            self.endpoint.libHandleEvents(20)  # returns when a packet comes; a command of the test waits 20 ms at most
            for name in self.ended:
                if call := self.calls.pop(name, None):
                    call.release()
                    self.kept.append(call)
                    self.send_event("closed", name)
            self.ended.clear()
            if not self.accounts:
                self.endpoint.audDevManager().setNoDev()  # whose clock takes half a hundredth of a core
                self.connection.poll(None)  # without an account, only commands can come
                self.endpoint.audDevManager().setNullDev()
            while commands.poll(0):
                command, *args = self.connection.recv()
                try:
                    getattr(self, f"do_{command}")(*args)
                except pj.Error as error:
                    self.send_event("refused", command, args, error.info())

    def incoming(self, account: PjsipAccount, prm: Pj) -> None:
        """Take in an incoming call, and report it to the test, which decides about it."""
        self.count += 1
        call = PjsipCall(self, account, f"in{self.count}", prm.callId)
        self.calls[call.name] = call
        self.send_event("incoming", account.name, call.name, prm.rdata.wholeMsg, prm.rdata.srcAddress)

    def do_account(self, name: str, user: str, server: str, password: str, port: int, *secure: str) -> None:
        """Open an account on a port of its own; register if `server` is given.

        `secure` has the transport, and the file of the server's certificate for TLS.
        """
        over, trusts = secure
        bound = pj.TransportConfig()
        bound.boundAddress, bound.port = HOST, port
        if trusts:
            bound.tlsConfig.CaListFile, bound.tlsConfig.verifyServer = trusts, True
        transport = self.endpoint.transportCreate(TRANSPORTS[over], bound)
        address = self.endpoint.transportGetInfo(transport).localName
        config = pj.AccountConfig()
        config.idUri = f"sip:{user}@{server or address}"
        config.sipConfig.transportId = transport
        config.mediaConfig.transportConfig.boundAddress = HOST
        config.mediaConfig.transportConfig.port = 0
        config.natConfig.udpKaIntervalSec = 0
        config.natConfig.contactRewriteUse = 0
        config.natConfig.viaRewriteUse = False
        config.regConfig.retryIntervalSec = 0
        if over != "udp":
            config.sipConfig.proxies.append(f"sip:{server};transport={over};lr")
        if over == "tls":
            config.mediaConfig.srtpUse, config.mediaConfig.srtpSecureSignaling = pj.PJMEDIA_SRTP_MANDATORY, 1
        if server:
            config.regConfig.registrarUri = f"sip:{server}"
            config.regConfig.timeoutSec = 300
            config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", user, 0, password))
        account = PjsipAccount(self, name, transport, int(address.rpartition(":")[2]))
        account.create(config)
        self.accounts[name] = account
        self.send_event("account", name, account.port)

    def do_register(self, name: str, renew: bool) -> None:
        """Register or unregister."""
        self.accounts[name].setRegistration(renew)

    def do_unplug(self, name: str) -> None:
        """Stop all packets of an account."""
        self.cut(self.accounts[name])
        self.send_event("unplugged", name)

    def cut(self, account: PjsipAccount) -> None:
        """Free an account's port, which PJSIP keeps for half a minute: replace its socket by an unconnected one."""
        accounts_address = (HOST, account.port)
        for entry in Path("/proc/self/fd").iterdir():
            if entry.is_symlink() and str(entry.readlink()).startswith("socket:"):
                with socket.socket(fileno=os.dup(int(entry.name))) as copy:
                    is_accounts_socket = copy.type == socket.SOCK_DGRAM and copy.getsockname() == accounts_address
                if is_accounts_socket:
                    os.dup2(self.nowhere[0].fileno(), int(entry.name))

    def do_forget(self, name: str) -> None:
        """Close an account that has no calls and no registration."""
        account = self.accounts.pop(name)
        account.shutdown()
        self.endpoint.transportClose(account.transport)
        self.cut(account)
        self.send_event("forgotten", name)

    def do_dial(self, account: str, name: str, uri: str, sender: str, headers: dict[str, str], *media: str) -> None:
        """Call `uri`; `sender`, if given, is the value of From; `media` has tone and recording."""
        call = PjsipCall(self, self.accounts[account], name)
        self.calls[name] = call
        prm = pj.CallOpParam(True)
        prm.opt.videoCount = 0
        prm.txOption.localUri = sender
        for key, value in headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = key, value
            prm.txOption.headers.append(header)
        call.media(*media)
        try:
            call.makeCall(uri, prm)
        except pj.Error as error:
            call.ended = True
            self.ended.append(name)
            self.send_event("state", name, "ended", 0, error.info())

    def do_media(self, name: str, tone: str, wav: str) -> None:
        """Give an incoming call its tone and its recording."""
        if call := self.calls.get(name):
            call.media(tone, wav)

    def do_answer(self, name: str, code: int) -> None:
        """Answer an incoming call with a SIP status code: 180, 200, 486 …"""
        call = self.calls.get(name)
        if call and not call.ended:
            prm = pj.CallOpParam(True)
            prm.statusCode = code
            prm.opt.videoCount = 0
            call.answer(prm)

    def do_hang_up(self, name: str) -> None:
        """End a call in any state."""
        call = self.calls.get(name)
        if call and not call.ended:
            call.hangup(pj.CallOpParam(True))

    def do_keys(self, name: str, keys: str, milliseconds: int) -> None:
        """Send keys as RFC 4733 events."""
        call = self.calls.get(name)
        if call and not call.ended:
            prm = pj.CallSendDtmfParam()
            prm.method = pj.PJSUA_DTMF_METHOD_RFC2833
            prm.digits, prm.duration = keys, milliseconds
            call.sendDtmf(prm)

    def do_transfer(self, name: str, target: str) -> None:
        """Press the transfer button: REFER to a `sip:` URI, or with Replaces to another call of this phone."""
        call, target_call = self.calls.get(name), self.calls.get(target)
        if call and not call.ended:
            prm = pj.CallOpParam(True)
            if target_call:
                call.xferReplaces(target_call, prm)
            else:
                call.xfer(target, prm)

    def do_hold(self, name: str, held: bool) -> None:
        """Put the other party on hold by a re-INVITE, or resume the call."""
        call = self.calls.get(name)
        if call and not call.ended:
            prm = pj.CallOpParam(True)
            prm.opt.videoCount = 0
            if held:
                call.setHold(prm)
            else:
                prm.opt.flag |= pj.PJSUA_CALL_UNHOLD
                call.reinvite(prm)

    def do_bridge(self, name: str, other: str) -> None:
        """Bridge two calls, which send no tones of their own."""
        first, second = self.calls.get(name), self.calls.get(other)
        if first and second:
            first.partner, second.partner = second, first
            first.connect_media()

    def do_say(self, name: str, wav: str) -> None:
        """Send a file once."""
        call = self.calls.get(name)
        audio = call.audio() if call else None
        if call and audio is not None:
            player = pj.AudioMediaPlayer()
            player.createPlayer(wav, pj.PJMEDIA_FILE_NO_LOOP)
            player.startTransmit(audio)
            call.sayings.append(player)

    def do_return(self, name: str, decibels: float) -> None:
        """Send the heard sound back, weaker by `decibels`."""
        call = self.calls.get(name)
        audio = call.audio() if call else None
        if audio is not None:
            level = pj.AudioMediaTransmitParam()
            level.level = 10 ** (-decibels / 20)
            audio.startTransmit2(audio, level)

    def do_mute(self, name: str) -> None:
        """Stop the call's tone."""
        call = self.calls.get(name)
        audio = call.audio() if call else None
        if call and audio is not None and call.player is not None:
            call.player.stopTransmit(audio)
            call.player = None


def main() -> None:
    """Run on the socket, in the folder and at the PJSIP log level that the arguments name."""
    faulthandler.enable()  # if an assertion of PJSIP aborts, the log has the line of Python, too
    descriptor, folder, level = sys.argv[1:]
    code = 1
    try:
        PjsipEndpoint(Connection(int(descriptor)), Path(folder), int(level)).run()
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        code = 0  # the test is over
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)  # because PJSIP crashes if the interpreter tears it down


if __name__ == "__main__":
    main()
