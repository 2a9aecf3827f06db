"""Trying out a mail server: a real one, with TLS and a login."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from domains.tenants import Provider, TenantIntegration
from infra.mail.probe import Probes
from tests.support.fakes import NOON


class Trust:
    """A certificate of 127.0.0.1: as its server has it, and as who trusts it does."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = folder / "mail.pem"
        plain = serialization.NoEncryption()
        file.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.server.load_cert_chain(file)
        self.client = ssl.create_default_context(cafile=str(file))


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return Trust(tmp_path_factory.mktemp("trust"))


def right(_server: Any, _session: Any, _envelope: Any, _kind: str, given: Any) -> AuthResult:
    return AuthResult(success=given.password == b"right-password", handled=False)


@asynccontextmanager
async def mail_server(**settings: Any) -> AsyncIterator[int]:
    at_once = settings.pop("at_once", None)
    loop = asyncio.get_running_loop()
    kept = {"hostname": "mail", "loop": loop, "authenticator": right, **settings}
    server = await loop.create_server(lambda: SMTP(Sink(), **kept), host="127.0.0.1", port=0, ssl=at_once)
    yield server.sockets[0].getsockname()[1]
    server.close()


def connection(port: int, *, password: str | None = None, security: str = "starttls") -> TenantIntegration:
    made = TenantIntegration.new(Provider.SMTP, now=NOON)
    made.settings = {"host": "127.0.0.1", "port": port, "security": security, "fromAddress": "a@b.example"}
    if password:
        made.settings["username"] = "desk"
        made.secrets = {"password": password}
    return made


async def said(probes: Probes, integration: TenantIntegration) -> tuple[str, str]:
    found = await probes.check(integration)
    return found.status.value, found.detail


async def test_a_server_that_greets_and_lets_in(trust: Trust) -> None:
    probes = Probes(inner_allowed=True, trusting=trust.client)
    async with mail_server(tls_context=trust.server) as port:
        assert await said(probes, connection(port)) == ("working", "greeted")
        assert await said(probes, connection(port, password="right-password")) == ("working", "logged_in")
        assert await said(probes, connection(port, password="wrong-password")) == ("failed", "refused_login")


async def test_tls_from_the_first_byte_on(trust: Trust) -> None:
    probes = Probes(inner_allowed=True, trusting=trust.client)
    async with mail_server(at_once=trust.server, auth_require_tls=False) as port:
        assert await said(probes, connection(port, security="tls")) == ("working", "greeted")


async def test_a_certificate_that_nobody_trusts(trust: Trust) -> None:
    async with mail_server(tls_context=trust.server) as port:
        assert await said(Probes(inner_allowed=True), connection(port)) == ("failed", "tls_failed")


async def test_a_password_is_never_sent_in_the_clear(trust: Trust) -> None:
    probes = Probes(inner_allowed=True, trusting=trust.client)
    async with mail_server(auth_require_tls=False) as port:
        assert (await said(probes, connection(port, password="right-password")))[0] == "failed"


async def test_nobody_answers(trust: Trust) -> None:
    async with mail_server(tls_context=trust.server) as port:
        pass
    assert await said(Probes(inner_allowed=True), connection(port)) == ("failed", "unreachable")


async def test_an_inner_network_is_not_called(trust: Trust) -> None:
    probes = Probes(inner_allowed=False, trusting=trust.client)
    async with mail_server(tls_context=trust.server) as port:
        assert await said(probes, connection(port)) == ("failed", "address_not_allowed")
