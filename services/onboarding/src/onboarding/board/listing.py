"""Filters and columns of the board."""

from collections.abc import Mapping
from typing import Literal

from onboarding.board.shapes import Status
from onboarding.board.view import BOARD, BoardView
from onboarding.brand.state import WaitsFor
from onboarding.labels import PHASES, requirement_lines
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery


class BoardQuery(ListQuery):
    """Sorted by `waiting_since`, brands that do not wait come first, then the longest waiting."""

    partner: Id | None = None
    phase: Phase | None = None
    status: Status | None = None
    manager: Id | None = None
    waits_for: WaitsFor | None = None
    overdue: bool | None = None
    sort: Literal["partner", "-partner", "since", "-since", "waiting_since", "-waiting_since"] = (
        "partner"
    )


STATUS: Mapping[Status, str] = {
    "prepared": "vorbereitet",
    "running": "läuft",
    "paused": "unterbrochen",
    "closed": "beendet",
    "live": "live",
}

WAITS_FOR: Mapping[WaitsFor, str] = {
    "partner": "Partner",
    "central": "Customer Success",
    "nobody": "niemanden",
}


def phase_of(view: BoardView) -> str:
    return PHASES[view.phase] if view.phase else ""


def missing_of(view: BoardView) -> str:
    return "; ".join(requirement_lines(view.missing, view.progress.labels))


def overdue_of(view: BoardView) -> str:
    labels = view.progress.labels
    return ", ".join(labels.get(name, name) for name in view.overdue_data_models)


TABLE = Table(
    "onboardings",
    BOARD,
    (
        Column("Partner", lambda line: line.partner),
        Column("Firma", lambda line: line.partner_name),
        Column("Marke", lambda line: line.brand),
        Column("Markenname", lambda line: line.name),
        Column("Customer Success Manager", lambda line: line.manager),
        Column("Status", lambda line: STATUS[line.status]),
        Column("Phase", phase_of),
        Column("Seit", lambda line: line.since, "instant"),
        Column("Wartet auf", lambda line: WAITS_FOR[line.waits_for]),
        Column("Wartet seit", lambda line: line.waiting_since, "instant"),
        Column("Es fehlt", missing_of),
        Column("Überfällige Datenmodelle", overdue_of),
        Column("Erinnerungen", lambda line: line.reminders),
        Column("Zuletzt erinnert", lambda line: line.reminded_at, "instant"),
        Column("Voraussichtlicher Livegang", lambda line: line.forecast),
        Column("Livegang", lambda line: line.progress.live_at, "instant"),
    ),
)
