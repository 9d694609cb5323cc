"""What a service's console script does for its operators."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import uvloop

from zugabe_events.cli.dead_letters import dead_letters, parse
from zugabe_events.cli.person import person, rotate, run_about_people, words_of
from zugabe_events.cli.read_models import chosen, parse_read_models, read_models
from zugabe_events.cli.rebuild import not_yet_serving, parse_rebuild, rebuild
from zugabe_events.cli.repair import begin_new_log, parse_republish, send_again
from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin
from zugabe_events.eventstore.snapshot_audit import verify_snapshots
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_events.runtime.service import Service, ServiceSettings, now

type Settings = Callable[[], ServiceSettings]
type Command = Callable[[Service, Settings, Sequence[str]], bool]
"""Words are understood before settings are read; False makes the exit code 1."""


def rebuild_models(service: Service, settings: Settings, words: Sequence[str]) -> bool:
    """All read models of the service, or those named. Raises LookupError for an unknown one."""
    asked = parse_rebuild(service.name, words)
    models, told = chosen(service, asked.models), settings()

    async def work(db: Database) -> bool:
        some = await not_yet_serving(db, models) if asked.new else models
        return await rebuild(db, await identity(db), told.kafka, some, service.heard)

    return with_database(service, told, work)


def verify_models(service: Service, settings: Settings, words: Sequence[str]) -> bool:
    """Without words also what is stored of long streams."""
    right = builds_of_models(service, settings, ["verify", *words])
    if words:
        return right

    async def work(db: Database) -> bool:
        return await verify_snapshots(db, await identity(db), service.own, service.deciders)

    return with_database(service, settings(), work) and right


def builds_of_models(service: Service, settings: Settings, words: Sequence[str]) -> bool:
    asked, told = parse_read_models(service.name, words), settings()

    async def work(db: Database) -> bool:
        return await read_models(db, await identity(db), told.kafka, service, asked)

    return with_database(service, told, work)


def letters(service: Service, settings: Settings, words: Sequence[str]) -> bool:
    asked = parse(service.name, words)

    async def work(db: Database) -> bool:
        return await dead_letters(DeadLetterAdmin(db, service.heard), asked, now())

    return with_database(service, settings(), work)


def republish(service: Service, settings: Settings, words: Sequence[str]) -> bool:
    asked, told = parse_republish(service.name, words), settings()

    async def work(db: Database) -> bool:
        return await send_again(db, await identity(db), told.kafka, asked)

    return with_database(service, told, work)


def new_log(service: Service, settings: Settings, _: Sequence[str]) -> bool:
    told = settings()

    async def work(db: Database) -> bool:
        return await begin_new_log(db, await identity(db), told.kafka, now())

    return with_database(service, told, work)


def about_a_person(service: Service, settings: Settings, words: Sequence[str]) -> bool:
    asked = words_of(service.name, words)
    run_about_people(service, settings(), lambda host: person(host, asked))
    return True


def rotate_keys(service: Service, settings: Settings, _: Sequence[str]) -> bool:
    run_about_people(service, settings(), rotate)
    return True


COMMANDS: Mapping[str, Command] = {
    "rebuild": rebuild_models,
    "read-models": builds_of_models,
    "verify": verify_models,
    "dead-letters": letters,
    "republish": republish,
    "new-log": new_log,
    "person": about_a_person,
    "rotate-keys": rotate_keys,
}


def run_command(name: str, service: Service, settings: Settings, words: Sequence[str]) -> int | str:
    """The exit code, or a sentence that says what is wrong."""
    try:
        return 0 if COMMANDS[name](service, settings, words) else 1
    except LookupError as error:
        return f"{service.name}: {error}"


def with_database(
    service: Service, settings: ServiceSettings, work: Callable[[Database], Awaitable[bool]]
) -> bool:
    async def go() -> bool:
        client = connect(settings.mongo_url)
        try:
            return await work(database(client, service.name))
        finally:
            await client.close()

    return uvloop.run(go())
