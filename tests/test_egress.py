"""Which addresses may be dialled, and that what was checked is what is dialled."""

import asyncio
import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.adapters.egress.addresses import EgressRefused, checked_addresses, resolve
from api.adapters.egress.transport import GuardedTransport, WireFailed, direct
from api.settings import Settings
from llm_standin import Reply, StandIn

PUBLIC = "93.184.215.14"


@pytest.fixture
def standin() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


def check(url: str, *allowed: str, addresses: tuple[str, ...] = ()) -> tuple[str, ...]:
    async def answer(host: str, port: int) -> tuple[str, ...]:
        return addresses or await resolve(host, port)

    return asyncio.run(checked_addresses(httpx.URL(url), frozenset(allowed), answer))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:7f00:1::]/",
        "https://[64:ff9b::7f00:1]/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://[fc00::1]/",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(EgressRefused):
        check(url)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fe80::1%eth0",
    ],
)
def test_some_addresses_are_refused_whatever_the_operator_allows(address: str) -> None:
    with pytest.raises(EgressRefused):
        check("https://models.lan/", "models.lan", addresses=(address,))


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:11434/", "127.0.0.1"),
        ("http://127.0.0.1:11434/", "127.0.0.1:11434"),
        ("http://localhost:11434/", "localhost"),
        ("http://[::1]:11434/", "[::1]"),
        ("http://[::1]:11434/", "[::1]:11434"),
    ],
)
def test_what_the_operator_allows_may_be_private_and_plain(url: str, allowed: str) -> None:
    assert check(url, allowed, addresses=("127.0.0.1",)) == ("127.0.0.1",)


def test_another_port_of_an_allowed_host_is_not_allowed() -> None:
    with pytest.raises(EgressRefused):
        check("http://127.0.0.1:5432/", "127.0.0.1:11434")


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example.org/",
        "ftp://models.example.org/",
        "https://user:pass@models.example.org/",
        "file:///etc/passwd",
    ],
)
def test_a_public_host_is_reached_by_plain_https_only(url: str) -> None:
    with pytest.raises(EgressRefused):
        check(url, "models.example.org", addresses=(PUBLIC,))


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({}, {"localhost", "127.0.0.1", "[::1]"}),
        ({"billing": "sandbox"}, set()),
        ({"billing": "production"}, set()),
        ({"billing": "sandbox", "llm_private_hosts": "10.0.0.7"}, {"10.0.0.7"}),
        ({"llm_private_hosts": ""}, set()),
    ],
)
def test_this_machine_is_allowed_by_default_unless_organizations_are_billed(
    settings: dict[str, Any], allowed: set[str]
) -> None:
    assert Settings(**settings).private_hosts == allowed


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(EgressRefused):
        check("https://models.example.org/", addresses=(PUBLIC, "127.0.0.1"))


@pytest.mark.parametrize("address", [PUBLIC, "64:ff9b::5db8:d70e", "2606:4700::1111"])
def test_public_addresses_are_reached_also_by_translation(address: str) -> None:
    assert check("https://models.example.org/", addresses=(address,)) == (address,)


def test_a_client_that_would_follow_a_redirect_gets_none_to_follow(standin: StandIn) -> None:
    there = {"location": f"{standin.url}/elsewhere"}
    standin.script = lambda _: Reply(status=302, body={}, headers=there)

    async def main() -> None:
        guarded = GuardedTransport(direct(), frozenset({standin.host}), resolve)
        async with httpx.AsyncClient(transport=guarded, follow_redirects=True) as client:
            with pytest.raises(EgressRefused):
                await client.post(f"{standin.url}/v1/chat/completions", json={})

    asyncio.run(main())

    assert len(standin.asked) == 1


def test_the_address_that_was_checked_is_the_one_that_is_dialled() -> None:
    answers = iter([(PUBLIC,), ("127.0.0.1",)])
    dialled: list[httpx.Request] = []

    async def rebinding(host: str, port: int) -> tuple[str, ...]:
        return next(answers)

    def record(request: httpx.Request) -> httpx.Response:
        dialled.append(request)
        return httpx.Response(200)

    async def main() -> None:
        guarded = GuardedTransport(httpx.MockTransport(record), frozenset(), rebinding)
        async with httpx.AsyncClient(transport=guarded) as client:
            await client.get("https://models.example.org/v1")
            with pytest.raises(EgressRefused):
                await client.get("https://models.example.org/v1")

    asyncio.run(main())

    assert [request.url.host for request in dialled] == [PUBLIC]
    assert dialled[0].headers["host"] == "models.example.org"
    assert dialled[0].extensions["sni_hostname"] == "models.example.org"


def test_an_address_out_of_reach_is_followed_by_the_next_one(standin: StandIn) -> None:
    async def two(host: str, port: int) -> tuple[str, ...]:
        return ("::1", "127.0.0.1")

    async def main() -> int:
        guarded = GuardedTransport(direct(), frozenset({"models.lan"}), two)
        async with httpx.AsyncClient(transport=guarded) as client:
            port = standin.server_address[1]
            answer = await client.post(f"http://models.lan:{port}/v1/chat/completions", json={})
            return answer.status_code

    assert asyncio.run(main()) == 200
    assert standin.asked[0].headers["host"].startswith("models.lan:")


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """Write a certificate for *name* to cert.pem and return a server's side for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "both.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.mark.parametrize(("name", "is_answered"), [("models.lan", True), ("other.lan", False)])
def test_the_certificate_must_be_the_hosts_own(
    standin: StandIn, tmp_path: Path, name: str, *, is_answered: bool
) -> None:
    standin.socket = certificate(tmp_path, name).wrap_socket(
        standin.socket, server_side=True, do_handshake_on_connect=False
    )
    trusted = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

    async def loopback(host: str, port: int) -> tuple[str, ...]:
        return ("127.0.0.1",)

    async def main() -> bool:
        inner = httpx.AsyncHTTPTransport(verify=trusted, trust_env=False)
        guarded = GuardedTransport(inner, frozenset({"models.lan"}), loopback)
        async with httpx.AsyncClient(transport=guarded) as client:
            port = standin.server_address[1]
            try:
                await client.post(f"https://models.lan:{port}/v1/chat/completions", json={})
            except WireFailed:
                return False
            return True

    assert asyncio.run(main()) == is_answered
