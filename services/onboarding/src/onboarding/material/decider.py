"""A file of the material: stored under its id, replaced or removed by central (ON-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from onboarding.brand.state import PHASES
from zugabe_events.contracts.onboarding import MaterialRemoved, MaterialStored
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, NotFoundError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class KeepMaterial:
    """`stored` is what will be said of it."""

    stored: MaterialStored


@dataclass(frozen=True, slots=True)
class RemoveMaterial:
    item: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Material:
    """`stored` is None before the first file, and after the removal."""

    stored: MaterialStored | None = None


type Command = KeepMaterial | RemoveMaterial
type MaterialEvent = MaterialStored | MaterialRemoved


class MaterialNotFoundError(NotFoundError):
    code = "material-not-found"

    def __init__(self) -> None:
        super().__init__("Dieses Material gibt es nicht.")


class MaterialTooLateError(InvalidError):
    """It would be shown only after its phase has begun."""

    code = "material-too-late"

    def __init__(self) -> None:
        super().__init__("Material wird spätestens zu Beginn seiner Phase gezeigt.")


def decide(command: Command, material: Material) -> Sequence[MaterialEvent]:
    match command:
        case KeepMaterial(stored):
            return keep(stored, material)
        case RemoveMaterial(item, at):
            return [] if material.stored is None else [MaterialRemoved(item, at)]


def keep(stored: MaterialStored, material: Material) -> Sequence[MaterialEvent]:
    shown_from = stored.shown_from or stored.phase
    if PHASES.index(shown_from) > PHASES.index(stored.phase):
        raise MaterialTooLateError
    before = material.stored
    if before and msgspec.structs.replace(before, stored_at=stored.stored_at) == stored:
        return []
    return [stored]


def evolve(_: Material, event: MaterialEvent) -> Material:
    match event:
        case MaterialStored():
            return Material(event)
        case MaterialRemoved():
            return Material()


MATERIAL_DECIDER: Decider[Command, Material, MaterialEvent] = Decider(
    "material", Material(), decide, evolve
)


def material_history(item: str) -> History[Material, MaterialEvent]:
    return History(Stream(f"material/{item}", f"material/{item}"), MATERIAL_DECIDER)
