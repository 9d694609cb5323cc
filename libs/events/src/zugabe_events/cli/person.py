"""The commands about people: `person export`, `person erase` and `rotate-keys`."""

import sys
from getpass import getuser
from uuid import uuid4

from zugabe_events.domain.event import Context
from zugabe_events.encryption.key_rotation import rotate_keys
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.runtime.host import Host
from zugabe_events.runtime.service import now


class PersonCommands:
    """Export and erasure of one person's data, recorded with a reason."""

    def __init__(self, host: Host, tenant: str, user: str, reason: str) -> None:
        self._host = host
        self._tenant = tenant
        self._user = user
        self._context = Context(
            actor=f"{host.service.name}@{getuser()}",
            role="operator",
            tenant=tenant,
            at=now(),
            correlation=str(uuid4()),
            reason=reason,
        )

    async def export(self, *, restricted: bool) -> None:
        export = await self._host.export()
        await export.disclose(self._user, self._context, even_restricted=restricted)
        async for part in export.of(self._tenant, self._user, even_restricted=restricted):
            sys.stdout.buffer.write(part)

    async def erase(self) -> None:
        """Raises LookupError when the service owns no keys that could be erased."""
        host = self._host
        erasure = host.service.erasure
        if erasure is None or erasure.erase is None:
            message = "this service owns no keys of people; ask the service that does"
            raise LookupError(message)
        person = person_of(self._tenant, self._user)
        if await host.people.stored(person) is None:
            sys.stderr.write(f"{person}: nobody is known by this id\n")
        until = await host.people.keep_until(person)
        handled = await erasure.erase(
            host.store, self._tenant, self._user, until, self._context, attempt=uuid4()
        )
        events = ", ".join(event.stored_as for event in handled.events) or "nothing to do"
        sys.stdout.write(f"{self._tenant}/{self._user}: {events}\n")


async def rotate(host: Host) -> None:
    """Raises LookupError without a master key."""
    if host.people.master is None:
        message = "no master key is set; ZUGABE_MASTER_KEY_FILE or ZUGABE_KEY_SERVICE_URL names it"
        raise LookupError(message)
    await rotate_keys(host.db, host.people.master)
