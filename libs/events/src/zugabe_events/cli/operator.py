"""A service's operator: carries out in its own process what `commands` declares."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from uuid import UUID

import uvloop

from zugabe_events.cli import dead_letters, repair
from zugabe_events.cli.person import PersonCommands, rotate
from zugabe_events.cli.read_models import BuildCommands, chosen
from zugabe_events.cli.rebuild import not_yet_serving, rebuild
from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin
from zugabe_events.domain.errors import RefusedError
from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.eventstore.snapshot_audit import verify_snapshots
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_events.runtime.host import Host, connected
from zugabe_events.runtime.service import Service, ServiceSettings, now


class Operator:
    """Each method is a command. It returns False after reporting a failure, and raises LookupError
    for something that does not exist."""

    def __init__(self, service: Service, read_settings: Callable[[], ServiceSettings]) -> None:
        self.service = service
        self._read_settings = read_settings

    @cached_property
    def _settings(self) -> ServiceSettings:
        return self._read_settings()

    def rebuild(self, names: Sequence[str], *, new: bool) -> bool:
        models = chosen(self.service, names)

        async def work(db: Database) -> bool:
            some = await not_yet_serving(db, models) if new else models
            kafka, types = self._settings.kafka, self.service.event_types
            return await rebuild(db, await identity(db), kafka, some, types)

        return self._with_database(work)

    def verify(self, names: Sequence[str]) -> bool:
        """Without names also the snapshots."""
        equal = self.verify_builds(names)
        if names:
            return equal

        async def work(db: Database) -> bool:
            service = self.service
            return await verify_snapshots(db, await identity(db), service.own, service.deciders)

        return self._with_database(work) and equal

    def republish(self, part: int, first: int) -> bool:
        async def work(db: Database) -> bool:
            kafka = self._settings.kafka
            return await repair.send_again(db, await identity(db), kafka, part, first)

        return self._with_database(work)

    def new_log(self, *, force: bool) -> bool:
        async def work(db: Database) -> bool:
            kafka = self._settings.kafka
            return await repair.begin_new_log(db, await identity(db), kafka, now(), force=force)

        return self._with_database(work)

    def list_builds(self) -> bool:
        return self._with_builds(lambda builds: builds.print_list())

    def switch_build(self, model: str, build: str) -> bool:
        return self._with_builds(lambda builds: builds.switch(model, build))

    def remove_build(self, model: str, build: str) -> bool:
        return self._with_builds(lambda builds: builds.remove(model, build))

    def verify_builds(self, names: Sequence[str]) -> bool:
        return self._with_builds(lambda builds: builds.verify(names))

    def list_letters(self, consumer: str | None) -> bool:
        return self._with_letters(
            lambda admin: dead_letters.print_list(admin, consumer, self.service.name)
        )

    def show_letter(self, letter: UUID) -> bool:
        return self._with_letters(lambda admin: dead_letters.print_letter(admin, letter))

    def redrive(self, letter: UUID | None, consumer: str | None, reason: str) -> bool:
        """Without a letter, all of them or all of the consumer."""
        who = dead_letters.operator(reason, now())
        return self._with_letters(lambda admin: dead_letters.redrive(admin, letter, consumer, who))

    def skip_letter(self, letter: UUID, reason: str) -> bool:
        who = dead_letters.operator(reason, now())
        return self._with_letters(lambda admin: dead_letters.skip(admin, letter, who))

    def export_person(self, tenant: str, user: str, reason: str, *, restricted: bool) -> bool:
        return self._with_host(
            lambda host: PersonCommands(host, tenant, user, reason).export(restricted=restricted)
        )

    def erase_person(self, tenant: str, user: str, reason: str) -> bool:
        return self._with_host(lambda host: PersonCommands(host, tenant, user, reason).erase())

    def rotate_keys(self) -> bool:
        return self._with_host(rotate)

    def _with_builds(self, work: Callable[[BuildCommands], Awaitable[bool]]) -> bool:
        async def on(db: Database) -> bool:
            kafka = self._settings.kafka
            return await work(BuildCommands(db, await identity(db), kafka, self.service))

        return self._with_database(on)

    def _with_letters(self, work: Callable[[DeadLetterAdmin], Awaitable[None]]) -> bool:
        async def on(db: Database) -> bool:
            try:
                await work(DeadLetterAdmin(db, self.service.event_types))
            except RefusedError as error:
                sys.stderr.write(f"{error.code}: {error.detail}\n")
                return False
            return True

        return self._with_database(on)

    def _with_database(self, work: Callable[[Database], Awaitable[bool]]) -> bool:
        settings = self._settings

        async def run() -> bool:
            async with connect(settings.mongo_url) as client:
                return await work(database(client, self.service.name))

        return uvloop.run(run())

    def _with_host(self, work: Callable[[Host], Awaitable[None]]) -> bool:
        settings = self._settings

        async def run() -> None:
            async with connected(self.service, settings) as host:
                await work(host)

        try:
            uvloop.run(run())
        except KeysUnavailableError as error:
            sys.stderr.write(f"{self.service.name}: {error}\n")
            return False
        return True
