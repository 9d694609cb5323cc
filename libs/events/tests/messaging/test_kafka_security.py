"""S2: what goes to Kafka goes over TLS, to brokers whose authority is known, as who we are."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.effect import UpsertEffect
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.messaging.authentication import authentication_of
from zugabe_events.messaging.kafka_broker import ConsumerBroker
from zugabe_events.messaging.kafka_client import kafka_admin, kafka_consumer
from zugabe_events.messaging.kafka_security import address, client_options
from zugabe_events.mongo import client as mongo

HERE = ip_address("127.0.0.1")


def issue(folder: Path, name: str, by: str | None = None) -> Path:
    """A certificate and its key as `name.pem`, signed by that of `by`, or by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = subject, key
    if by is not None:
        content = (folder / f"{by}.pem").read_bytes()
        issuer = x509.load_pem_x509_certificate(content).subject
        loaded = serialization.load_pem_private_key(content, None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        signing = loaded
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(HERE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@dataclass
class Broker:
    """A server that asks for certificates, and notes who came and what they sent first."""

    ca: Path
    own: Path
    address: str = ""
    came: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told = writer.get_extra_info("peercert")
        self.came.append(told["subject"][0][0][1] if told else "")
        self.sent.append(await reader.read(400))
        writer.close()


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncGenerator[Broker]:
    broker = Broker(issue(tmp_path, "ca"), issue(tmp_path, "kafka", "ca"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(broker.ca))
    context.load_cert_chain(broker.own)
    context.verify_mode = ssl.CERT_OPTIONAL
    async with await asyncio.start_server(broker.answer, "127.0.0.1", 0, ssl=context) as server:
        broker.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield broker


async def connect(kafka: str) -> None:
    """Whatever the broker answers, it is none that knows Kafka."""
    producer = AIOKafkaProducer(**client_options(kafka), request_timeout_ms=1_000)
    try:
        async with asyncio.timeout(5):
            with pytest.raises(KafkaConnectionError):
                await producer.start()
    finally:
        await producer.stop()


async def test_a_client_shows_its_certificate_and_speaks_tls(
    broker: Broker, tmp_path: Path
) -> None:
    own = str(issue(tmp_path, "vouchers", "ca"))
    options = {"ca": str(broker.ca), "certificate": own, "key": own}
    await connect(address(broker.address, {"tls": "1", **options}))
    assert broker.came[0] == "vouchers"
    assert b"aiokafka" in broker.sent[0], "the first request has the name of the client"


async def test_a_broker_of_an_unknown_authority_gets_nothing(
    broker: Broker, tmp_path: Path
) -> None:
    await connect(address(broker.address, {"tls": "1", "ca": str(issue(tmp_path, "other"))}))
    await connect(address(broker.address, {"tls": "1"}))
    assert broker.sent == []


async def test_without_tls_a_broker_that_wants_it_understands_nothing(broker: Broker) -> None:
    await connect(broker.address)
    assert broker.sent == []


def test_a_user_signs_in_by_scram_over_tls(broker: Broker, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("secret\n")
    options = {"ca": str(broker.ca), "user": "vouchers", "password_file": str(password)}
    found = client_options(address("kafka.example:9093", {"tls": "1", **options}))
    assert isinstance(found.pop("ssl_context"), ssl.SSLContext)
    assert found == {
        "bootstrap_servers": "kafka.example:9093",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "vouchers",
        "sasl_plain_password": "secret",
    }


async def test_every_client_of_the_kernel_uses_tls(broker: Broker, tmp_path: Path) -> None:
    own = str(issue(tmp_path, "checkout", "ca"))
    kafka = address(
        broker.address, {"tls": "1", "ca": str(broker.ca), "certificate": own, "key": own}
    )
    for client in (kafka_consumer(kafka), kafka_admin(kafka)):
        with pytest.raises(KafkaConnectionError):
            async with asyncio.timeout(5), client:
                raise AssertionError
    consuming = ConsumerBroker(kafka, graceful_timeout=1)
    builder = await consuming._connect()
    assert builder.keywords["security_protocol"] == "SSL"  # type: ignore[attr-defined]
    assert builder.keywords["ssl_context"] is not None  # type: ignore[attr-defined]
    assert set(broker.came) == {"checkout"}


def test_a_kafka_beside_us_needs_no_tls() -> None:
    assert client_options("127.0.0.1:9092") == {"bootstrap_servers": "127.0.0.1:9092"}


async def test_a_reader_that_catches_up_reaches_kafka_like_the_others(tmp_path: Path) -> None:
    """S2: by TLS, and it believes no more than they do"""
    keys = tmp_path / "keys"
    keys.write_text("0123456789abcdef" * 2)
    kafka = address("kafka.example:9093", {"tls": "1", "mac_keys": str(keys)})
    source = KafkaSource(kafka)
    db = mongo.database(mongo.connect("mongodb://127.0.0.1:1"), "late")
    source.add(Consumer(db, "late", UpsertEffect(db.late, lambda _: None)), ["bonus"])
    broker = ConsumerBroker(kafka, graceful_timeout=1)
    source.subscribe(broker, "late", instance="one", session_ms=6_000)
    assert source._bootstrap == kafka
    await db.client.close()
    assert source.authentication is authentication_of(kafka)
