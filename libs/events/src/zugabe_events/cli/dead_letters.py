"""`SERVICE dead-letters list | show | redrive | skip`: the same as over HTTP, for those who have a
shell. Who they are and why they act is written down."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin, DeadLetterDetails
from zugabe_events.consumer.dead_letters import Operator
from zugabe_events.domain.errors import RefusedError

PAGE = 500


def parse(service: str, words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"{service} dead-letters")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="the longest parked first")
    listing.add_argument("--consumer")
    showing = verbs.add_parser("show", help="one, with its error and the steps so far")
    showing.add_argument("letter", type=UUID)
    redriving = verbs.add_parser("redrive", help="the letters of its key in order, or all letters")
    which = redriving.add_mutually_exclusive_group(required=True)
    which.add_argument("letter", type=UUID, nargs="?")
    which.add_argument("--all", action="store_true")
    redriving.add_argument("--consumer", help="with --all: only those of this one")
    redriving.add_argument("--reason", required=True)
    skipping = verbs.add_parser("skip", help="take one away unhandled")
    skipping.add_argument("letter", type=UUID)
    skipping.add_argument("--reason", required=True)
    return parser.parse_args(words)


async def dead_letters(office: DeadLetterAdmin, asked: argparse.Namespace, now: datetime) -> bool:
    """False: it was refused."""
    try:
        match asked.verb:
            case "list":
                await _list(office, asked.consumer)
            case "show":
                sys.stdout.write(described(await office.show(asked.letter)))
            case "redrive":
                who = operator(asked.reason, now)
                keys = await (
                    office.redrive_all(who, asked.consumer)
                    if asked.all
                    else office.redrive(asked.letter, who)
                )
                sys.stdout.write(f"asked for {keys} keys; the running service redrives them\n")
            case "skip":
                await office.skip(asked.letter, operator(asked.reason, now))
                sys.stdout.write(f"skipped {asked.letter}\n")
    except RefusedError as error:
        sys.stderr.write(f"{error.code}: {error.detail}\n")
        return False
    return True


async def _list(office: DeadLetterAdmin, consumer: str | None) -> None:
    after = None
    while True:
        page = await office.page(consumer=consumer, after=after, limit=PAGE)
        for one in page.items:
            asked = ", redriving" if one.asked else ""
            why = one.error.splitlines()[0] if one.error else ""
            sys.stdout.write(
                f"{one.id}  {one.parked_at:%Y-%m-%d %H:%M:%S}  {one.consumer}  "
                f"{one.log}/{one.part}@{one.pos}  {one.key}  {one.name}  "
                f"{one.cause}{asked}  {why}\n"
            )
        if page.next is None:
            return
        after = page.next


def described(letter: DeadLetterDetails) -> str:
    """As JSON, the trace as the lines that it has."""
    told = msgspec.json.format(msgspec.json.encode(replace(letter, trace=None)), indent=2)
    return f"{told.decode()}\n{letter.trace or ''}\n"


def operator(reason: str, now: datetime) -> Operator:
    return Operator(getpass.getuser(), "operator", reason, now, uuid4())
