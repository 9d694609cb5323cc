"""HTTP for material: partners see that of the phases which one of their brands has reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends

from onboarding.material.amazon import AMAZON, AmazonHint
from onboarding.material.catalogue import Item
from onboarding.material.reach import ReachView
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class MaterialView:
    """`amazon` is null if no brand intends to go live there, or may still choose to (ON-20)."""

    items: tuple[Item, ...]
    amazon: AmazonHint | None


def material_api(
    items: Sequence[Item], amazon: AmazonHint, reach: Views[ReachView], access: Access
) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}", tags=["material"])

    @router.get("/material")
    async def get_material(
        partner: Id,
        _: Annotated[RequestContext, Depends(reads(access.requires("see-material"), reach))],
    ) -> MaterialView:
        """List material from the welcome on; each phase's material appears when the phase
        starts (ON-2, ON-11)."""
        reached = await reach.get(partner) or ReachView(partner)
        return shown_to(reached, items, amazon)

    return router


def shown_to(reached: ReachView, items: Sequence[Item], amazon: AmazonHint) -> MaterialView:
    welcomed = bool(reached.phases)
    return MaterialView(
        tuple(
            item
            for item in items
            if item.first_phase in reached.phases
            and (item.platform is None or reached.may_intend(item.platform))
        ),
        amazon if welcomed and reached.may_intend(AMAZON) else None,
    )
