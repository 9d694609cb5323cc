"""Forecast of a brand's going live: the days that its remaining phases usually take."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from onboarding.board.view import BoardView
from onboarding.brand.state import PHASES
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.domain.calendar import day_of


def forecast(view: BoardView, expected: Mapping[Phase, int], today: date) -> date | None:
    """Never before today. None for what does not run, such as a paused onboarding."""
    if view.status != "running" or view.phase is None or view.since is None:
        return None
    spent = max((today - day_of(view.since)).days, 0)
    left = max(expected[view.phase] - spent, 0)
    later = PHASES[PHASES.index(view.phase) + 1 :]
    return today + timedelta(days=left + sum(expected[phase] for phase in later))


def with_forecast(view: BoardView, expected: Mapping[Phase, int], today: date) -> BoardView:
    return replace(view, forecast=forecast(view, expected, today))
