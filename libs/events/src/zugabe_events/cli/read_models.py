"""`SERVICE read-models list | switch | remove | verify`: which builds there are, which one serves,
and whether it is what the log says."""

import argparse
import sys
from collections.abc import Sequence

from aiokafka.errors import KafkaError

from zugabe_events.cli.rebuild import Shown
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.audit import refold
from zugabe_events.projections.build_admin import Build, remove, stored_builds
from zugabe_events.projections.build_lease import ReplacedError
from zugabe_events.projections.builds import builds
from zugabe_events.projections.rebuild import Rebuild
from zugabe_events.runtime.service import Service

MOST = 20
"""Documents that are named one by one."""


def parse_read_models(service: str, words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"{service} read-models")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all builds, how far they are, and which ones serve")
    checking = verbs.add_parser("verify", help="fold what serves once more, and compare")
    checking.add_argument("models", nargs="*", help="all without one")
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
    """False: it was not possible, or not right, and said why. Raises LookupError for what is not
    there."""
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
            case "verify":
                return await _verify(db, identity, bootstrap, service, asked.models)
    except (KafkaError, ReplacedError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return False
    return True


def chosen(service: Service, names: Sequence[str]) -> list[AnyReadModel]:
    """All without names. Raises LookupError for an unknown one."""
    known = {model.name: model for model in service.read_models}
    if unknown := set(names) - set(known):
        message = f"no read model {', '.join(unknown)}; there are {', '.join(known)}"
        raise LookupError(message)
    return [known[name] for name in names or known]


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


async def _verify(
    db: Database, identity: LogIdentity, bootstrap: str, service: Service, names: Sequence[str]
) -> bool:
    all_equal = True
    for model in chosen(service, names):
        rebuild = Rebuild(db, identity, bootstrap, model, service.heard, Shown(model.name))
        found = await refold(db, model, rebuild)
        words = f"equal, {found.digest}" if found.digest else "equal as far as it goes"
        if found.moving:
            words = f"equal but for {found.moving:,} that are moving or parked"
        if found.unequal:
            some = ", ".join(found.unequal[:MOST])
            words = f"{len(found.unequal):,} DIFFER from a fold of the log: {some}"
            all_equal = False
        sys.stdout.write(f"{found.build}: {found.documents:,} documents, {words}\n")
    return all_equal
