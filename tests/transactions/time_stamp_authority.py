"""A time stamp authority (RFC 3161) on this machine that really signs, under a root of its own."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from marketplace import clock

SHA256 = "2.16.840.1.101.3.4.2.1"
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"


def der(tag: int, *parts: bytes) -> bytes:
    """One element with the parts as its content."""
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def identifier(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    encoded = [bytes([first * 40 + second])]
    for part in rest:
        digits = [part & 0x7F]
        while part := part >> 7:
            digits.append(part & 0x7F | 0x80)
        encoded.append(bytes(reversed(digits)))
    return der(0x06, *encoded)


def elements(content: bytes) -> list[tuple[int, bytes]]:
    """The elements that follow one another in some content: tag and content of each."""
    found = []
    while content:
        length, start = content[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(content[2:start], "big")
        found.append((content[0], content[start : start + length]))
        content = content[start + length :]
    return found


def _certificate(name: str, key: ec.EllipticCurvePrivateKey, issuer: "Issuer | None") -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


@dataclass(frozen=True)
class Issuer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def _new(name: str, issuer: Issuer | None = None) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    return Issuer(key, _certificate(name, key, issuer))


@dataclass
class Authority:
    """What the authority knows: its keys, how many stamps it gave, and how it should misbehave next."""

    root: Issuer = field(default_factory=lambda: _new("Test root"))
    url: str = ""
    stamps: int = 0
    misbehaviour: str = ""

    def __post_init__(self) -> None:
        self.signer = _new("Test time stamps", self.root)

    def write_roots(self, folder: Path) -> Path:
        file = folder / "roots.pem"
        file.write_bytes(self.root.certificate.public_bytes(Encoding.PEM))
        return file

    def answer(self, request: bytes) -> bytes:
        """The response to a request, DER."""
        if self.misbehaviour == "nonsense":
            return b"no stamp"
        if self.misbehaviour == "refuses":
            return sequence(sequence(integer(2)))
        if self.misbehaviour == "endless":
            return b"0" * 100_000
        (_, imprint), *rest = elements(elements(request)[0][1])[1:]
        nonce = next(content for tag, content in rest if tag == 0x02)
        if self.misbehaviour == "another nonce":
            nonce = b"\x01" + nonce[1:]
        if self.misbehaviour == "another text":
            imprint = imprint[:-1] + bytes([imprint[-1] ^ 1])
        self.stamps += 1
        return sequence(sequence(integer(0)), self._token(sequence(imprint), nonce))

    def _token(self, imprint: bytes, nonce: bytes) -> bytes:
        moment = clock.now().strftime("%Y%m%d%H%M%SZ").encode()
        information = sequence(
            integer(1),
            identifier("1.2.3.4"),
            imprint,
            integer(self.stamps),
            der(0x18, moment),
            der(0x02, nonce),
        )
        signer = _new("Somebody") if self.misbehaviour == "another signer" else self.signer
        encoded = signer.certificate.public_bytes(Encoding.DER)
        algorithm = sequence(identifier(SHA256))
        signed = sequence(
            integer(3),
            der(0x31, algorithm),
            sequence(identifier(TST_INFO), der(0xA0, der(0x04, information))),
            der(0xA0, encoded),
            der(0x31, _signer_info(signer, information, encoded, algorithm)),
        )
        return sequence(identifier(SIGNED_DATA), der(0xA0, signed))


def _signer_info(signer: Issuer, information: bytes, encoded: bytes, algorithm: bytes) -> bytes:
    certificate = sequence(sequence(sequence(der(0x04, hashlib.sha256(encoded).digest()))))
    attributes = sorted(
        sequence(identifier(kind), der(0x31, value))
        for kind, value in (
            (CONTENT_TYPE, identifier(TST_INFO)),
            (MESSAGE_DIGEST, der(0x04, hashlib.sha256(information).digest())),
            (SIGNING_CERTIFICATE_V2, certificate),
        )
    )
    signature = signer.key.sign(der(0x31, *attributes), ec.ECDSA(hashes.SHA256()))
    issuer = signer.certificate.issuer.public_bytes()
    return sequence(
        integer(1),
        sequence(issuer, integer(signer.certificate.serial_number)),
        algorithm,
        der(0xA0, *attributes),
        sequence(identifier(ECDSA_SHA256)),
        der(0x04, signature),
    )


@contextmanager
def running() -> Iterator[Authority]:
    """An authority that answers on a port of this machine until the block ends."""
    authority = Authority()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(500 if authority.misbehaviour == "down" else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(authority.answer(request))

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    authority.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
