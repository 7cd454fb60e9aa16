"""The hotline's certificate for browsers and phones: the city's own, or a certificate made at the first start."""

import ipaddress
import os
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.layout import Home
from ivr.texts import _

_DAYS = 825  # browsers accept no certificate for longer
_RENEWED = timedelta(days=30)  # before its end


def hotline_certificate(home: Home, site: Path, *hosts: str) -> tuple[Path, Path]:
    """Return the files of the certificate and of its key.

    Args:
        home: the state folder, in which a certificate is made unless the city has its own.
        site: the site folder; ``tls/certificate.pem`` and ``tls/key.pem`` in it are the city's own.
        hosts: the addresses that desk and phones use.

    Raises:
        RuntimeProblem: the city's own certificate cannot be read.
        OSError: no certificate can be written.
    """
    own_files = site / "tls" / "certificate.pem", site / "tls" / "key.pem"
    if any(path.exists() for path in own_files):
        for path in own_files:
            if not os.access(path, os.R_OK):
                raise RuntimeProblem(_("{path} cannot be read; the desk and phones with TLS need it").format(path=path))
        return own_files
    files = home.tls / "certificate.pem", home.tls / "key.pem"
    if not _serves(files[0], hosts) or not files[1].exists():
        _make(*files, hosts)
    return files


def fingerprint(certificate: Path) -> str:
    """Return the SHA-256 of a certificate as browsers show it."""
    parsed = x509.load_pem_x509_certificate(certificate.read_bytes())
    return parsed.fingerprint(hashes.SHA256()).hex(":").upper()


def _serves(certificate: Path, hosts: Sequence[str]) -> bool:
    """Return whether a certificate that was made earlier names the hosts, and is valid for a while."""
    try:
        parsed = x509.load_pem_x509_certificate(certificate.read_bytes())
        names_in_certificate = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    needed = {name for name in _names(hosts) if not isinstance(name, x509.DNSName)}
    return needed <= set(names_in_certificate) and parsed.not_valid_after_utc > datetime.now(UTC) + _RENEWED


def _names(hosts: Sequence[str]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    if (host_name := socket.gethostname()).isascii() and host_name != "localhost":
        names.append(x509.DNSName(host_name))
    for address in dict.fromkeys(("127.0.0.1", *hosts)):
        if address != "0.0.0.0":
            names.append(x509.IPAddress(ipaddress.ip_address(address)))
    return names


def _make(certificate: Path, key_file: Path, hosts: Sequence[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "12345 hotline")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(hosts)), critical=False)
        .add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )  # so that an admin can import it as trusted
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.parent.mkdir(mode=0o700, exist_ok=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for path, content in ((key_file, private), (certificate, signed.public_bytes(serialization.Encoding.PEM))):
        new_file = path.with_suffix(".new")
        new_file.unlink(missing_ok=True)
        new_file.touch(mode=0o600)
        new_file.write_bytes(content)
        new_file.replace(path)
