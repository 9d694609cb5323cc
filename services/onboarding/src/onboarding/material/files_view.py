"""Files of the material, as central lists them and partners find them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from onboarding.labels import PHASES as PHASE_LABELS
from zugabe_events.contracts.onboarding import MaterialRemoved, MaterialStored, Phase, Step
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


@dataclass(frozen=True, slots=True)
class MaterialFileView:
    dealer: str
    item: str
    title: str
    kind: str
    phase: Phase
    step: Step | None
    shown_from: Phase | None
    platform: str | None
    file_name: str
    media_type: str
    size_bytes: int
    status: Literal["stored", "removed"] = "stored"

    @property
    def first_phase(self) -> Phase:
        return self.shown_from or self.phase


def keys(event: Event) -> Sequence[str]:
    match event:
        case MaterialStored() | MaterialRemoved():
            return [event.item]
        case _:
            return []


def project(view: MaterialFileView | None, event: Event) -> MaterialFileView | None:
    match event:
        case MaterialStored():
            return MaterialFileView(
                CENTRAL,
                event.item,
                event.title,
                event.kind,
                event.phase,
                event.step,
                event.shown_from,
                event.platform,
                event.file_name,
                event.media_type,
                event.size_bytes,
            )
        case MaterialRemoved() if view:
            return replace(view, status="removed")
        case _:
            return view


MATERIAL_FILES = ReadModel(
    name="onboarding.material-files",
    version=1,
    topics=("onboarding",),
    view=MaterialFileView,
    keys=keys,
    project=project,
    lists=ListOptions(("status",), ("item",)),
)


class MaterialQuery(ListQuery):
    sort: Literal["item", "-item"] = "item"


TABLE = Table(
    "material",
    MATERIAL_FILES,
    (
        Column("Material", lambda view: view.item),
        Column("Titel", lambda view: view.title),
        Column("Phase", lambda view: PHASE_LABELS[view.phase]),
        Column("Gezeigt ab", lambda view: PHASE_LABELS[view.first_phase]),
        Column("Datei", lambda view: view.file_name),
        Column("Größe (Byte)", lambda view: view.size_bytes),
    ),
)
