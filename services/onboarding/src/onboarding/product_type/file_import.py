"""Import of product types from a file; the same file again changes nothing (ON-26)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from onboarding.product_type.decider import (
    PRODUCT_TYPE_DECIDER,
    Awaited,
    ImplementDataModel,
    id_of,
    product_type_history,
)
from onboarding.product_type.listing import GROUP, LABEL
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.http.fields import Text
from zugabe_events.http.request_context import RequestContext
from zugabe_events.tables.reader import ReadTable
from zugabe_events.tables.report import ImportReport, RowReader, report_of
from zugabe_events.tables.table import Row, RowError

MAX_CONCURRENT = 50
MAX_LOADED_AT_ONCE = 500

TEXT: TypeAdapter[str] = TypeAdapter(Text)

type Effect = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Import:
    """Of rows that are good, by what they would do; and what is wrong with the others."""

    table: ReadTable
    commands: Sequence[tuple[Effect, ImplementDataModel]]
    wrong: tuple[RowError, ...]

    def report(self, *, dry_run: bool) -> ImportReport:
        effects = [effect for effect, _ in self.commands]
        return report_of(
            self.table,
            dry_run=dry_run,
            new=effects.count("new"),
            changed=effects.count("changed"),
            unchanged=effects.count("unchanged"),
            wrong=self.wrong,
        )


async def prepared(store: EventStore, table: ReadTable, request: RequestContext) -> Import:
    commands, wrong = checked(table.rows, request)
    return Import(table, await with_effects(store, commands), tuple(wrong))


def checked(
    rows: Sequence[Row], request: RequestContext
) -> tuple[list[ImplementDataModel], list[RowError]]:
    commands: list[ImplementDataModel] = []
    wrong: list[RowError] = []
    lines: dict[str, int] = {}
    for row in rows:
        reading = RowReader(row)
        label, group = reading.cell(LABEL, TEXT), reading.cell(GROUP, TEXT)
        name = id_of(label or "")
        if label and name in lines:
            reading.reject(LABEL, f"Dieser Produkttyp steht schon in Zeile {lines[name]}.")
        elif label and group:
            lines[name] = row.line
            commands.append(ImplementDataModel(name, label, group, request.context.at))
        wrong += reading.wrong
    return commands, wrong


async def with_effects(
    store: EventStore, commands: Sequence[ImplementDataModel]
) -> Sequence[tuple[Effect, ImplementDataModel]]:
    found: list[tuple[Effect, ImplementDataModel]] = []
    for first in range(0, len(commands), MAX_LOADED_AT_ONCE):
        some = commands[first : first + MAX_LOADED_AT_ONCE]
        histories = [product_type_history(command.product_type) for command in some]
        states = await states_of(store, histories)
        for command, state in zip(some, states, strict=True):
            happens = PRODUCT_TYPE_DECIDER.decide(command, state)
            there = not isinstance(state, Awaited)
            found.append(("unchanged" if not happens else "changed" if there else "new", command))
    return found


async def carried_out(store: EventStore, wanted: Import, request: RequestContext) -> None:
    """Implement all that changes. The same file, sent again, finishes what stopped half way."""
    running = asyncio.Semaphore(MAX_CONCURRENT)
    attempt = str(request.attempt())

    async def implement(command: ImplementDataModel) -> None:
        async with running:
            await request.handle(
                store,
                product_type_history(command.product_type),
                command,
                attempt=derived_id(attempt, command.product_type),
            )

    await asyncio.gather(
        *(implement(command) for effect, command in wanted.commands if effect != "unchanged")
    )
