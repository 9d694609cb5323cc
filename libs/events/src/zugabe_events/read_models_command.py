"""`SERVICE read-models list | switch | remove`: which builds there are, and which one serves."""

import argparse
import sys
from collections.abc import Sequence

from aiokafka.errors import KafkaError

from zugabe_events.building import ReplacedError
from zugabe_events.generations import builds
from zugabe_events.mongo import Database, LogIdentity
from zugabe_events.rebuild_command import Shown
from zugabe_events.rebuilding import Rebuild
from zugabe_events.service import Service
from zugabe_events.stored_builds import Build, remove, stored_builds


def parse_read_models(service: str, words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"{service} read-models")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all builds, how far they are, and which ones serve")
    for verb, what in (
        ("switch", "bring a build up to date and let it serve"),
        ("remove", "drop a build that does not serve"),
    ):
        one = verbs.add_parser(verb, help=what)
        one.add_argument("model")
        one.add_argument("build", help="as `list` names it: v1.2, or 2 of the present version")
    return parser.parse_args(words)


async def read_models(
    db: Database,
    identity: LogIdentity,
    bootstrap: str,
    service: Service,
    asked: argparse.Namespace,
) -> bool:
    """False: it was not possible, and said why. Raises LookupError for what is not there."""
    try:
        match asked.verb:
            case "list":
                await _list(db)
            case "switch":
                await _switch(db, identity, bootstrap, service, named(service, asked))
            case "remove":
                versions = {model.name: model.version for model in service.read_models}
                build = await _existing(db, named(service, asked))
                await remove(db, build, versions)
                sys.stdout.write(f"removed {build}\n")
    except (KafkaError, ReplacedError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return False
    return True


def named(service: Service, asked: argparse.Namespace) -> Build:
    """Raises LookupError."""
    versions = {model.name: model.version for model in service.read_models}
    number: str = asked.build
    if number.isdecimal() and asked.model in versions:
        number = f"v{versions[asked.model]}.{number}"
    build = Build.named(f"{asked.model}.{number}")
    if build is None:
        message = f"no build {asked.build} of {asked.model}; see read-models list"
        raise LookupError(message)
    return build


async def _existing(db: Database, build: Build) -> Build:
    if build not in [one.build for one in await stored_builds(db)]:
        message = f"no build {build}; see read-models list"
        raise LookupError(message)
    return build


async def _list(db: Database) -> None:
    for one in await stored_builds(db):
        behind = f"{one.behind:,} events behind" if one.behind else "up to date"
        sys.stdout.write(
            f"{one.build} {one.status}: {one.documents:,} documents, {one.events:,} events, "
            f"{behind}\n"
        )


async def _switch(
    db: Database, identity: LogIdentity, bootstrap: str, service: Service, build: Build
) -> None:
    await _existing(db, build)
    model = next((one for one in service.read_models if one.name == build.model), None)
    if model is None or model.version != build.version:
        message = f"this code cannot read {build}: switch with the code of that version"
        raise LookupError(message)
    if str(build) not in await db.list_collection_names():
        message = f"{build} has no documents any more; rebuild {model.name}"
        raise LookupError(message)
    rebuild = Rebuild(db, identity, bootstrap, model, service.heard, Shown(model.name))
    async with rebuild.builder:
        known = await builds(db, model)
        if known["serving"] == build.number and not known.get("filling"):
            sys.stdout.write(f"{build} serves already\n")
            return
        await rebuild.catch_up(build.number)
        await rebuild.switch(build.number)
    sys.stdout.write(
        f"{build} serves instead of {model.name}.v{model.version}.{known['serving']}\n"
    )
