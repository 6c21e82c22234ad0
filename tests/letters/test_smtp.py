"""The letter as bytes, and the line: plain, STARTTLS and TLS, signing in, and what keeps a line from opening."""

from __future__ import annotations

import ipaddress
import re
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import dkim
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from kit.settings import Settings
from notifications.address import BadAddress, checked_address, domain_of, same_address
from notifications.letter import Rendered
from notifications.smtp import _NOT_OPENED, Answer, BadKey, Line, build
from notifications.words import LANGS, catalogue
from tests.letters.server import Told, mail_server

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2025, 6, 1, tzinfo=UTC)
WORDS = Rendered("Hạn nộp: hết ngày 30/06", "Kính gửi\n.một dấu chấm\n", "<p>Kính gửi</p>")


def settings(port: int = 1, **more: object) -> Settings:
    return Settings(**{"mail_port": port, "mail_timeout_s": 2, **more})


def letter(own: Settings | None = None, **more: object) -> bytes:
    given = {"to_name": "Nguyễn Thị Mẫu", "to_address": "mau@truong.example", "message_id": "<a@b.example>"}
    return build(WORDS, date=AT, settings=own or settings(), **(given | more))


def send(line: Line) -> Answer:
    return line.send(line.sender, "mau@truong.example", letter(line.settings))


# --- Bytes ----------------------------------------------------------------------------------------------------


def test_the_same_letter_is_the_same_bytes() -> None:
    assert letter() == letter()
    assert letter() != letter(message_id="<b@b.example>")


def test_a_letter_is_from_the_office_and_says_that_a_program_wrote_it() -> None:
    own = settings(mail_from="Phòng GDĐT <thidua@phong.example>", mail_reply_to="vanthu@phong.example")
    read = message_from_bytes(letter(own), policy=policy.default)
    assert read["From"] == "Phòng GDĐT <thidua@phong.example>"
    assert read["Reply-To"] == "vanthu@phong.example"
    assert read["To"] == "Nguyễn Thị Mẫu <mau@truong.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"] == "<a@b.example>"
    assert read["Date"].datetime == AT
    assert read["Subject"] == WORDS.subject
    assert read.get_body(("plain",)).get_content() == WORDS.text
    assert read.get_body(("html",)).get_content().strip() == WORDS.html


def test_a_name_with_quotes_and_commas_stays_one_reader() -> None:
    read = message_from_bytes(letter(to_name='Mẫu, "An" <x@y.example>'), policy=policy.default)
    assert [a.addr_spec for a in read["To"].addresses] == ["mau@truong.example"]


@pytest.mark.parametrize(
    "address",
    [
        "mau@truong.example\r\nBcc: ke@khac.example",
        "mau@truong.example\nRCPT TO:<ke@khac.example>",
        "mau\r@truong.example",
        "mau@truong.example\u2028x",
        "mau@truong.example,ke@khac.example",
        "mau truong@khac.example",
        "<mau@truong.example>",
        "mau@@truong.example",
        "mau@truong..example",
        "mẫu@truong.example",
        "@truong.example",
        "mau",
        "",
        "a" * 65 + "@truong.example",
    ],
)
def test_what_is_no_address_is_refused_and_never_sent(address: str, server: tuple[Told, int]) -> None:
    with pytest.raises(BadAddress):
        letter(to_address=address)
    with Line(settings(server[1])) as line, pytest.raises(BadAddress):
        line.send(line.sender, address, letter())
    assert (server[0].taken, server[0].connections) == ([], 0)


def test_a_line_break_in_any_header_is_refused() -> None:
    for field in ({"to_name": "Mẫu\r\nBcc: ke@khac.example"}, {"message_id": "<a@b>\nX: y"}):
        with pytest.raises(BadAddress):
            letter(**field)
    with pytest.raises(BadAddress):
        letter(settings(mail_from="a@b.example\nBcc: ke@khac.example"))
    with pytest.raises(BadAddress):
        letter(settings(mail_reply_to="a@b.example\nBcc: ke@khac.example"))
    broken = Rendered("Hạn\r\nBcc: ke@khac.example", "x", "<p>x</p>")
    given = {"to_name": "", "to_address": "mau@truong.example", "message_id": "<a@b>"}
    with pytest.raises(BadAddress):
        build(broken, date=AT, settings=settings(), **given)


def test_addresses_are_compared_as_servers_read_them() -> None:
    assert checked_address("Mau@Trường.example") == "Mau@xn--trng-rib8295b.example"
    assert same_address(" Mau@TRUONG.example ") == "mau@truong.example"
    assert domain_of("Mau@TRUONG.example") == "truong.example"


def _rsa(size: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def test_with_a_key_a_letter_is_signed_for_the_offices_own_domain(tmp_path: Path) -> None:
    key = _rsa()
    (tmp_path / "key.pem").write_bytes(_pem(key))
    own = settings(mail_dkim_key=str(tmp_path / "key.pem"), mail_from="thidua@phong.example")
    mime = letter(own)
    assert mime == letter(own)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    from base64 import b64encode

    asked: list[bytes] = []

    def record(name: bytes, **_: object) -> bytes:
        asked.append(name)
        return b"v=DKIM1; k=rsa; p=" + b64encode(public)

    assert dkim.verify(mime, dnsfunc=record)
    assert asked == [b"thidua._domainkey.phong.example."]
    assert not dkim.verify(mime.replace(b"S8OtbmggZ", b"S8OtbmggX"), dnsfunc=record)


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    for name in ("key.pem", "missing.pem"):
        with pytest.raises(BadKey):
            letter(settings(mail_dkim_key=str(tmp_path / name)))


# --- The line -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the loopback with its key, signed by itself."""
    key = _rsa()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mau.example")])
    began = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=365 * 40))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(_pem(key) + made.public_bytes(serialization.Encoding.PEM))
    return file


def _serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_a_line_that_is_encrypted_with_the_right_certificate_letters_go(
    certificate: Path, security: str
) -> None:
    with mail_server(**{security: _serving(certificate)}) as (told, port):
        trusted = ssl.create_default_context(cafile=certificate)
        with Line(settings(port, mail_security=security), context=trusted) as line:
            assert [send(line).answer for _ in range(3)] == ["sent"] * 3
        assert (len(told.taken), told.connections) == (3, 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_stops_the_round(certificate: Path, security: str) -> None:
    with mail_server(**{security: _serving(certificate)}) as (told, port):
        with Line(settings(port, mail_security=security)) as line:
            answer = send(line)
        assert (answer.answer, answer.trouble, answer.stop) == ("temporary", "tls_failed", True)
        assert "certificate" in answer.detail.lower()
        assert told.taken == []


def test_a_server_without_the_security_that_is_set_gets_no_letter(server: tuple[Told, int]) -> None:
    with Line(settings(server[1], mail_security="starttls")) as line:
        answer = send(line)
    assert (answer.answer, answer.trouble, answer.stop) == ("temporary", "not_supported", True)
    assert server[0].taken == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_signed_in_letters_go_and_with_a_wrong_password_the_round_stops() -> None:
    with mail_server(password="right-1") as (told, port):
        with Line(settings(port, mail_user="phong", mail_password="right-1")) as line:
            assert send(line).answer == "sent"
        with Line(settings(port, mail_user="phong", mail_password="mật khẩu")) as line:
            # Signing in knows ASCII only; the setting is wrong, and no letter is lost over it.
            assert send(line).trouble == "sign_in_refused"
        with Line(settings(port, mail_user="phong", mail_password="sai")) as line:
            answer = send(line)
        assert (answer.answer, answer.smtp_code, answer.trouble, answer.stop) == (
            "temporary",
            535,
            "sign_in_refused",
            True,
        )
        assert "sai" not in answer.detail
        with Line(settings(port)) as line:
            answer = send(line)
        # The server wants a name: it refuses the office, not the letter.
        assert (answer.answer, answer.smtp_code, answer.stop) == ("temporary", 530, True)
        assert answer.trouble == "sign_in_needed"
        assert len(told.taken) == 1


def test_where_nobody_listens_the_round_stops() -> None:
    with Line(settings(1)) as line:
        answer = send(line)
    assert (answer.answer, answer.trouble, answer.stop) == ("temporary", "server_unreachable", True)
    assert answer.detail.startswith("127.0.0.1:1: ")


def test_an_unknown_host_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with Line(settings(25, mail_host="thu.khong-co.invalid")) as line:
        answer = send(line)
    assert (answer.trouble, answer.stop) == ("unknown_host", True)
    assert "thu.khong-co.invalid" in answer.detail


@pytest.mark.parametrize("greeting", ["421 4.3.2 not now", "554 5.3.2 no"])
def test_a_server_that_does_not_want_to_talk_stops_the_round(server: tuple[Told, int], greeting: str) -> None:
    server[0].at["ehlo"] = greeting
    with Line(settings(server[1])) as line:
        answer = send(line)
    assert (answer.answer, answer.stop) == ("temporary", True)


def test_a_line_is_hung_up_at_the_end_whatever_happens(server: tuple[Told, int]) -> None:
    with Line(settings(server[1])) as line:
        send(line)
        client = line._client
    assert client is not None
    assert client.sock is None


def test_every_trouble_of_the_post_has_words_and_no_words_are_left_over() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in (
            *(ROOT / "casework" / "letters").glob("*.py"),
            ROOT / "notifications" / "smtp.py",
            *(ROOT / "cli").glob("*.py"),
        )
    )
    used = set(re.findall(r'"(?:mail\.)?([a-z_]+)"', text))
    ways = (
        r'Answer\([A-Z_]+, .*"([a-z_]+)"',
        r'trouble"?[:=] ?"([a-z_]+)"',
        r'_[Uu]nsendable\("([a-z_]+)"',
        r'_retract\(\w+, "([a-z_]+)"',
    )
    given = {code for way in ways for code in re.findall(way, text)}
    codes = given | {code for _, code in _NOT_OPENED}
    for lang in LANGS:
        assert codes <= set(catalogue("mail", lang)) <= used
