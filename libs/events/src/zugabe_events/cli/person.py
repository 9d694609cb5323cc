"""`SERVICE person export|erase DEALER USER --reason TEXT`, and `SERVICE rotate-keys`."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from getpass import getuser
from uuid import uuid4

import aiohttp
import uvloop

from zugabe_events.domain.event import Context
from zugabe_events.encryption.key_rotation import rotate_keys
from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.service_token import ServiceToken
from zugabe_events.mongo.client import connect, database, identity
from zugabe_events.runtime.host import Host, build_host
from zugabe_events.runtime.service import Service, ServiceSettings, now


def words_of(program: str, words: Sequence[str]) -> argparse.Namespace:
    """Exits with a sentence for what is not understood."""
    parser = argparse.ArgumentParser(f"{program} person", description=__doc__)
    parser.add_argument("what", choices=["export", "erase"])
    parser.add_argument("dealer")
    parser.add_argument("user")
    parser.add_argument("--reason", required=True, help="stays on record")
    parser.add_argument("--restricted", action="store_true", help="export what is restricted, too")
    return parser.parse_args(words)


def run_about_people(
    service: Service, settings: ServiceSettings, work: Callable[[Host], Awaitable[None]]
) -> None:
    """With the parts of the service, of which none is started."""

    async def go() -> None:
        async with AsyncExitStack() as stack:
            client = connect(settings.mongo_url)
            stack.push_async_callback(client.close)
            db = database(client, service.name)
            http = await stack.enter_async_context(aiohttp.ClientSession())
            secret = settings.client_secret_file.read_text().strip()
            token = ServiceToken(settings.issuer, settings.client_id, secret, http, now)
            await work(build_host(service, settings, db, await identity(db), http, token))

    try:
        uvloop.run(go())
    except (LookupError, KeysUnavailableError) as error:
        sys.exit(f"{service.name}: {error}")


async def person(host: Host, words: argparse.Namespace) -> None:
    """Raises LookupError when the service owns no keys that could be erased."""
    context = Context(
        actor=f"{host.service.name}@{getuser()}",
        role="operator",
        dealer=words.dealer,
        at=now(),
        correlation=str(uuid4()),
        reason=words.reason,
    )
    match words.what:
        case "export":
            export = await host.export()
            await export.disclose(words.user, context, even_restricted=words.restricted)
            async for part in export.of(words.dealer, words.user, even_restricted=words.restricted):
                sys.stdout.buffer.write(part)
        case "erase":
            await erase(host, words.dealer, words.user, context)


async def erase(host: Host, dealer: str, user: str, context: Context) -> None:
    keeping = host.service.keeping
    if keeping is None or keeping.retire is None:
        message = "it owns no keys of people; ask the service that does"
        raise LookupError(message)
    until = await host.people.keep_until(person_of(dealer, user))
    handled = await keeping.retire(host.store, dealer, user, until, context, attempt=uuid4())
    said = ", ".join(event.stored_as for event in handled.events) or "nothing to do"
    sys.stdout.write(f"{dealer}/{user}: {said}\n")


async def rotate(host: Host) -> None:
    """Raises LookupError without a master key."""
    if host.people.master is None:
        message = "no master key is set"
        raise LookupError(message)
    await rotate_keys(host.db, host.people.master)
