"""A reader that shares no code with Zugabe: Kafka, JSON Schema, and the released schemas.

`python foreign.py BOOTSTRAP` reads all topics from their beginning to their present end, and prints
what it found as JSON: messages by type, and the first things that were not as announced.
"""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from aiokafka import AIOKafkaConsumer
from jsonschema_rs import Draft202012Validator

PATIENCE_SECONDS = 120
SHOWN = 20
NEEDED = ("id", "source", "specversion", "type")
ANNOUNCED = ("subject", "time", "dataschema", "partitionkey", "sequence")


def validators() -> Mapping[str, Draft202012Validator]:
    """By the schema's id."""
    found = {}
    for folder in files("zugabe_schemas").iterdir():
        if not folder.is_dir() or folder.name.startswith("_"):
            continue
        for file in folder.iterdir():
            schema = json.loads(file.read_text(encoding="utf-8"))
            found[schema["$id"]] = Draft202012Validator(schema, validate_formats=True)
    return found


def faults(record: Any, known: Mapping[str, Draft202012Validator]) -> Iterator[str]:
    """Violations of CloudEvents 1.0, its Kafka binding or the schema."""
    headers = {name: value.decode("utf-8") for name, value in record.headers}
    if len(headers) != len(record.headers):
        yield "a header twice"
    if headers.get("content-type") != "application/json":
        yield "another content-type"
    told = {name[3:]: value for name, value in headers.items() if name.startswith("ce_")}
    yield from (f"ce_{name}" for name in told if not re.fullmatch("[a-z0-9]{1,20}", name))
    if missing := [f"no ce_{name}" for name in (*NEEDED, *ANNOUNCED) if not told.get(name)]:
        yield from missing
        return
    if told["specversion"] != "1.0":
        yield "another ce_specversion"
    if datetime.fromisoformat(told["time"]).tzinfo is None:
        yield "ce_time without a zone"
    if told["partitionkey"] != record.key.decode("utf-8"):
        yield "ce_partitionkey is not the key"
    if told["sequence"].partition(".")[0] != str(record.partition):
        yield "ce_sequence names another partition"
    yield from faults_of_body(json.loads(record.value), told["dataschema"], known)


def faults_of_body(
    body: Any, dataschema: str, known: Mapping[str, Draft202012Validator]
) -> Iterator[str]:
    if not urlsplit(dataschema).scheme:
        yield "ce_dataschema is no URI"
    elif dataschema not in known:
        yield "a schema that was not released"
    else:
        for error in known[dataschema].iter_errors(body):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message}"


async def read(kafka: str) -> Mapping[str, Any]:
    known = validators()
    types: Counter[str] = Counter()
    wrong: list[str] = []
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        topics = sorted(name for name in await consumer.topics() if not name.startswith("_"))
        consumer.subscribe(topics)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len({part.topic for part in consumer.assignment()}) < len(topics):
                await consumer.getmany(timeout_ms=100)
            ends = await consumer.end_offsets(consumer.assignment())
            await consumer.seek_to_beginning()
            unread = {part for part, end in ends.items() if end}
            while unread:
                for part, records in (await consumer.getmany(*unread, timeout_ms=500)).items():
                    for record in records:
                        name = dict(record.headers).get("ce_type", b"?").decode()
                        types[name] += 1
                        place = f"{part.topic}/{part.partition} {record.offset} {name}"
                        wrong += [f"{place}: {fault}" for fault in faults(record, known)]
                    if records[-1].offset + 1 >= ends[part]:
                        unread.discard(part)
    finally:
        await consumer.stop()
    foreign = not [
        name for name in sys.modules if name.split(".")[0] in ("zugabe", "zugabe_events")
    ]
    return {"types": types, "wrong": wrong[:SHOWN], "topics": topics, "foreign": foreign}


if __name__ == "__main__":
    json.dump(asyncio.run(read(sys.argv[1])), sys.stdout)
