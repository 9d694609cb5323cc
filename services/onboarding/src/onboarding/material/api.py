"""HTTP for material: partners see that of the phases which one of their brands has reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from onboarding.material.amazon import AMAZON, AmazonHint
from onboarding.material.catalogue import Item
from onboarding.material.decider import MaterialNotFoundError
from onboarding.material.files_view import MaterialFileView
from onboarding.material.reach import ReachView
from onboarding.material.storage import MaterialStorage
from zugabe_events.contracts.onboarding import Phase, Step
from zugabe_events.domain.views import Views
from zugabe_events.files.kinds import KINDS
from zugabe_events.files.response import FileResponse, attachment
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """Downloaded from `/partners/{partner}/material/{id}`."""

    id: str
    title: str
    kind: str
    phase: Phase
    step: Step | None
    file_name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MaterialView:
    """`items` are links, and `files` are uploaded ones. `amazon` is null if no brand intends to go
    live there, or may still choose to (ON-20)."""

    items: tuple[Item, ...]
    amazon: AmazonHint | None
    files: tuple[MaterialFile, ...] = ()


def material_api(
    items: Sequence[Item],
    amazon: AmazonHint,
    reach: Views[ReachView],
    storage: MaterialStorage,
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}/material", tags=["material"])
    sees = reads(access.requires("see-material"), reach, storage.views)

    @router.get("")
    async def get_material(
        partner: Id, _: Annotated[RequestContext, Depends(sees)]
    ) -> MaterialView:
        """List material from the welcome on; each phase's material appears when the phase
        starts (ON-2, ON-11)."""
        reached = await reach.get(partner) or ReachView(partner)
        return shown_to(reached, items, amazon, await storage.listed())

    @router.get(
        "/{item}",
        response_class=FileResponse,
        responses={
            200: {
                "content": {
                    kind.media_type: {"schema": {"type": "string", "format": "binary"}}
                    for kind in KINDS.values()
                },
                "description": "The file",
            }
        },
    )
    async def get_file(
        partner: Id, item: Id, request: Annotated[RequestContext, Depends(sees)]
    ) -> Response:
        """Download a file that the partner may see by now (ON-3)."""
        found = await storage.find(item)
        reached = await reach.get(partner) or ReachView(partner)
        first, platform = found.shown_from or found.phase, found.platform
        if request.principal.role == "partner" and not is_shown(reached, first, platform):
            raise MaterialNotFoundError
        chunks = await storage.read(found)
        return attachment(chunks, found.file_name, found.media_type, found.size_bytes)

    return router


def is_shown(reached: ReachView, first_phase: Phase, platform: str | None) -> bool:
    return first_phase in reached.phases and (platform is None or reached.may_intend(platform))


def shown_to(
    reached: ReachView,
    items: Sequence[Item],
    amazon: AmazonHint,
    files: Sequence[MaterialFileView] = (),
) -> MaterialView:
    welcomed = bool(reached.phases)
    return MaterialView(
        tuple(item for item in items if is_shown(reached, item.first_phase, item.platform)),
        amazon if welcomed and reached.may_intend(AMAZON) else None,
        tuple(
            MaterialFile(
                file.item,
                file.title,
                file.kind,
                file.phase,
                file.step,
                file.file_name,
                file.media_type,
                file.size_bytes,
            )
            for file in files
            if is_shown(reached, file.first_phase, file.platform)
        ),
    )
