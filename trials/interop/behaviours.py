"""The behaviours that are tried, in the words of the document: English and Chinese."""

from enum import Enum


class Behaviour(Enum):
    """One behaviour of a peer and the hotline."""

    # a carrier
    REGISTERS = "we register with a password, and again before it expires", "凭密码注册，到期前续注册"
    CALLS_IN = "a call comes in; the number dialled stands in To", "来话，被叫号码在 To 中"
    IDENTITY = "the caller's number stands in P-Asserted-Identity", "主叫号码在 P-Asserted-Identity 中"
    USER_PARAMETERS = "parameters in the user part of a number", "号码中带参数"
    CALLS_OUT = "a call goes out, our own number in From", "去话，From 为本方号码"
    BORDER_CONTROLLER_KILLED = (
        "a border controller is killed: the next call goes out by the other one",
        "一台边界控制器停机：下一次去话走另一台",
    )
    TCP_CALLS = "TCP: registration, a call in, a call out", "TCP：注册、来话、去话"
    TLS_CHECKED = "TLS with a certificate that is checked", "TLS，校验证书"
    TLS_CALLS = "TLS: a call in, a call out", "TLS：来话、去话"
    TLS_REFUSED = "TLS with another certificate is refused", "TLS，证书不符则拒绝"
    # a phone
    SIGNS_IN = "registers and signs in", "注册并签入"
    TAKES_A_CALL = "takes a citizen's call", "接听市民来话"
    HOLDS = "holds and resumes; the citizen hears music", "保持与恢复，市民听到音乐"
    TRANSFERS_BLIND = "blind transfer (REFER) to a registered number", "盲转（REFER）到登记号码"
    TRANSFER_REFUSED = (
        "blind transfer to a number that is not registered is refused",
        "盲转到未登记号码被拒绝",
    )
    TRANSFERS_ATTENDED = "attended transfer (REFER with Replaces)", "咨询转接（REFER 带 Replaces）"
    THREE_WAY = "three-way call by *2 and *3", "*2、*3 三方通话"
    KEYS_RFC4733 = "keys by RFC 4733", "按键：RFC 4733"
    KEYS_INFO = "keys by SIP INFO", "按键：SIP INFO"
    KEYS_TONES = "keys as tones in the sound", "按键：带内音"
    TLS_SRTP = "TLS and SRTP", "TLS 与 SRTP"

    @property
    def english(self) -> str:
        """The words of docs/interop.md."""
        return self.value[0]

    @property
    def chinese(self) -> str:
        """The words of docs/interop.zh-CN.md."""
        return self.value[1]
