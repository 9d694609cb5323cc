"""Whose turn it is with the forms of a sub-step."""

from zugabe_events.contracts.onboarding import Step, StepTurned


def turned(handed_in: tuple[Step, ...], event: StepTurned) -> tuple[Step, ...]:
    others = {*handed_in} - {event.step}
    return tuple(sorted(others | {event.step} if event.turn == "central" else others))
