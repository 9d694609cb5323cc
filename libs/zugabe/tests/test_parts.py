from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from zugabe.errors import StackError
from zugabe.kafka import Broker, kafka
from zugabe.kafka_jars import jars
from zugabe.mongo import mongo
from zugabe.ports import Ports
from zugabe.supervisor import Stack
from zugabe.testing import parts


async def test_mongod_killed_comes_back_on_the_same_port_with_what_was_written(bare: Stack) -> None:
    url, before = bare.addresses["mongod"], bare.pid("mongod")
    async with AsyncMongoClient[dict[str, Any]](url, w="majority") as client:
        await client.shop.orders.insert_one({"_id": "o1"})

    await bare.kill("mongod")
    await bare.start_process("mongod")

    assert bare.pid("mongod") != before
    assert bare.failure is None
    async with AsyncMongoClient[dict[str, Any]](url) as client:
        assert await client.shop.orders.find_one() == {"_id": "o1"}
        async with client.start_session() as session, await session.start_transaction():
            await client.shop.orders.insert_one({"_id": "o2"}, session=session)


async def test_kafka_killed_comes_back_on_the_same_port_with_what_was_sent(bare: Stack) -> None:
    address = bare.addresses["kafka"]
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic("orders", 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        await producer.send_and_wait("orders", b"o1")

    await bare.kill("kafka")
    await bare.start_process("kafka")

    async with AIOKafkaConsumer(bootstrap_servers=address) as consumer:
        orders = TopicPartition("orders", 0)
        consumer.assign([orders])
        await consumer.seek_to_beginning(orders)
        assert (await consumer.getone()).value == b"o1"


@pytest.mark.integration
async def test_the_first_start_of_kafka_on_a_machine_prepares_faster_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe.kafka.TRAINING_TIMEOUT_SECONDS", 900)
    folder = jars(lambda _: None, Event())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "zugabe").mkdir()
    (tmp_path / "zugabe" / folder.name).symlink_to(folder)
    (tmp_path / "logs").mkdir()
    told: list[str] = []
    ports = Ports({}, {})
    part = kafka(tmp_path, ports.of("kafka"), ports.of("controller"), tell=told.append)
    ports.release()
    assert isinstance(part.runner, Broker)
    for _ in range(2):
        await part.runner.start()
        await part.ready()
        await part.runner.stop()
    assert len(told) == 1
    assert "preparing faster starts" in told[0]
    [stored] = (tmp_path / "zugabe").glob("*.aot*")
    assert stored.stat().st_size > 1_000_000
    assert f"-XX:AOTCache={stored}" in part.runner.command
    complaints = [line for line in part.runner.log.read_text().splitlines() if "error" in line]
    assert complaints == []


@pytest.mark.integration
async def test_data_stays_when_a_stack_comes_back_on_other_ports(tmp_path: Path) -> None:
    ports = Ports({}, {})
    for port in (ports.of("first"), ports.of("second")):
        part = mongo(tmp_path, port)
        (tmp_path / "logs").mkdir(exist_ok=True)
        assert part.runner
        await part.runner.start()
        await part.ready()
        async with AsyncMongoClient[dict[str, Any]](part.address) as client:
            await client.shop.orders.insert_one({"port": port})
            count = await client.shop.orders.count_documents({})
        await part.runner.stop()
    assert count == 2


async def test_a_wrong_address_is_told_in_a_sentence(tmp_path: Path) -> None:
    nothing = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=100"
    with pytest.raises(StackError, match=r"No working MongoDB answers at mongodb://127\.0\.0\.1:9"):
        await mongo(tmp_path, 0, nothing).reach(1)


def test_parts_that_are_given_are_used(bare: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUGABE_KAFKA", bare.addresses["kafka"])
    monkeypatch.setenv("ZUGABE_MONGO_URL", bare.addresses["mongod"])
    with parts() as given:
        assert given == (bare.addresses["kafka"], bare.addresses["mongod"])


async def test_nothing_listens_beyond_this_machine(bare: Stack) -> None:
    for name in ("kafka", "mongod"):
        addresses = listening(bare.pid(name))
        assert addresses
        assert addresses <= {"127.0.0.1", "::ffff:127.0.0.1"}


def listening(pid: int) -> set[str]:
    found = psutil.Process(pid).net_connections("tcp")
    return {connection.laddr.ip for connection in found if connection.status == psutil.CONN_LISTEN}
