"""The commands about builds of read models: which exist, which one serves, and whether it equals
a fold of the log."""

import sys
from collections.abc import Awaitable, Sequence

from aiokafka.errors import KafkaError

from zugabe_events.cli.rebuild import ProgressLine
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.audit import audit_build
from zugabe_events.projections.build_admin import Build, remove, stored_builds
from zugabe_events.projections.build_lease import ReplacedError
from zugabe_events.projections.builds import builds
from zugabe_events.projections.rebuild import Rebuild
from zugabe_events.runtime.service import Service

MAX_NAMED = 20
"""Documents that are named individually."""


def chosen(service: Service, names: Sequence[str]) -> list[AnyReadModel]:
    """All without names. Raises LookupError for an unknown one."""
    models = {model.name: model for model in service.read_models}
    if unknown := set(names) - set(models):
        message = f"no read model {', '.join(unknown)}; there are {', '.join(models) or 'none'}"
        raise LookupError(message)
    return [models[name] for name in names or models]


class BuildCommands:
    """Each method returns False after reporting a failure, and raises LookupError for something
    that does not exist."""

    def __init__(
        self, db: Database, identity: LogIdentity, bootstrap: str, service: Service
    ) -> None:
        self._db = db
        self._identity = identity
        self._bootstrap = bootstrap
        self._service = service

    async def print_list(self) -> bool:
        found = await stored_builds(self._db)
        if not found:
            sys.stdout.write(f"{self._service.name}: no builds\n")
        for stored in found:
            behind = f"{stored.behind:,} events behind" if stored.behind else "up to date"
            sys.stdout.write(
                f"{stored.build} {stored.status}: {stored.documents:,} documents, "
                f"{stored.events:,} events, {behind}\n"
            )
        return True

    async def switch(self, model: str, number: str) -> bool:
        return await reporting_failure(self._switch(model, number))

    async def remove(self, model: str, number: str) -> bool:
        versions = {model.name: model.version for model in self._service.read_models}
        build = await self._existing(model, number)
        await remove(self._db, build, versions)
        sys.stdout.write(f"removed {build}\n")
        return True

    async def verify(self, names: Sequence[str] = ()) -> bool:
        return await reporting_failure(self._verify(names))

    async def _switch(self, name: str, number: str) -> bool:
        build = await self._existing(name, number)
        model = next((model for model in self._service.read_models if model.name == name), None)
        if model is None or model.version != build.version:
            message = f"this code cannot read {build}: switch with the code of that version"
            raise LookupError(message)
        if str(build) not in await self._db.list_collection_names():
            message = f"{build} has no documents any more; rebuild {model.name}"
            raise LookupError(message)
        rebuild = self._rebuild(model)
        async with rebuild.builder:
            registered = await builds(self._db, model)
            if registered["serving"] == build.number and not registered.get("filling"):
                sys.stdout.write(f"{build} serves already\n")
                return True
            await rebuild.catch_up(build.number)
            await rebuild.switch(build.number)
        before = f"{model.name}.v{model.version}.{registered['serving']}"
        sys.stdout.write(f"{build} serves instead of {before}\n")
        return True

    async def _verify(self, names: Sequence[str]) -> bool:
        all_equal = True
        for model in chosen(self._service, names):
            found = await audit_build(self._db, model, self._rebuild(model))
            result = f"equal, {found.digest}" if found.digest else "equal as far as it goes"
            if found.moving:
                result = f"equal but for {found.moving:,} that are moving or parked"
            if found.unequal:
                some = ", ".join(found.unequal[:MAX_NAMED])
                result = f"{len(found.unequal):,} DIFFER from a fold of the log: {some}"
                all_equal = False
            sys.stdout.write(f"{found.build}: {found.documents:,} documents, {result}\n")
        return all_equal

    async def _existing(self, model: str, number: str) -> Build:
        """The build that a person names by model and number: `v1.2`, or `2` of the current
        version."""
        versions = {model.name: model.version for model in self._service.read_models}
        full = (
            f"v{versions[model]}.{number}" if number.isdecimal() and model in versions else number
        )
        build = Build.named(f"{model}.{full}")
        if build is None or build not in [stored.build for stored in await stored_builds(self._db)]:
            message = f"no build {number} of {model}; `read-models list` names them"
            raise LookupError(message)
        return build

    def _rebuild(self, model: AnyReadModel) -> Rebuild:
        progress = ProgressLine(model.name)
        return Rebuild(
            self._db, self._identity, self._bootstrap, model, self._service.event_types, progress
        )


async def reporting_failure(work: Awaitable[bool]) -> bool:
    try:
        return await work
    except (KafkaError, ReplacedError) as error:
        sys.stderr.write(f"{error or type(error).__name__}\n")
        return False
