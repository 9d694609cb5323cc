"""Consumers wait for a Kafka that is away."""

import asyncio
import socket

from zugabe.testing import Parts
from zugabe_events.messaging.kafka_broker import WaitingConsumer


async def test_a_consumer_that_starts_while_kafka_is_away_starts_when_it_is_back(
    topic: str, real_parts: Parts
) -> None:
    host, _, port = real_parts.kafka.rpartition(":")
    with socket.socket() as reserved:
        reserved.bind((host, 0))
        door = reserved.getsockname()[1]

    async def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    consumer = WaitingConsumer(topic, bootstrap_servers=f"{host}:{door}")
    starting = asyncio.create_task(consumer.start())
    try:
        await asyncio.wait([starting], timeout=0.5)
        assert not starting.done()
        async with await asyncio.start_server(let_in, host, door):
            await asyncio.wait_for(starting, 120)
            assert consumer.assignment()
    finally:
        await consumer.stop()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()
