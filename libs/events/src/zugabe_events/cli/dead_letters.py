"""The commands about dead letters, which do the same as the HTTP routes. The acting user and the
reason stay on record."""

import getpass
import sys
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin, DeadLetterDetails
from zugabe_events.consumer.dead_letters import Operator

PAGE_SIZE = 500


def operator(reason: str, now: datetime) -> Operator:
    return Operator(getpass.getuser(), "operator", reason, now, uuid4())


async def print_list(admin: DeadLetterAdmin, consumer: str | None, service: str) -> None:
    after = None
    while True:
        page = await admin.page(consumer=consumer, after=after, limit=PAGE_SIZE)
        if after is None and not page.items:
            sys.stdout.write(f"{service}: no dead letters\n")
        for letter in page.items:
            redriving = ", redriving" if letter.asked else ""
            reason = letter.error.splitlines()[0] if letter.error else ""
            sys.stdout.write(
                f"{letter.id}  {letter.parked_at:%Y-%m-%d %H:%M:%S}  {letter.consumer}  "
                f"{letter.log}/{letter.part}@{letter.pos}  {letter.key}  {letter.name}  "
                f"{letter.cause}{redriving}  {reason}\n"
            )
        if page.next is None:
            return
        after = page.next


async def print_letter(admin: DeadLetterAdmin, letter: UUID) -> None:
    sys.stdout.write(described(await admin.show(letter)))


async def redrive(
    admin: DeadLetterAdmin, letter: UUID | None, consumer: str | None, who: Operator
) -> None:
    keys = await (
        admin.redrive_all(who, consumer) if letter is None else admin.redrive(letter, who)
    )
    sys.stdout.write(f"asked for {keys} keys; the running service redrives them\n")


async def skip(admin: DeadLetterAdmin, letter: UUID, who: Operator) -> None:
    await admin.skip(letter, who)
    sys.stdout.write(f"skipped {letter}\n")


def described(letter: DeadLetterDetails) -> str:
    """As JSON, followed by the stack trace in lines of its own."""
    body = msgspec.json.format(msgspec.json.encode(replace(letter, trace=None)), indent=2)
    return f"{body.decode()}\n{letter.trace or ''}\n"
