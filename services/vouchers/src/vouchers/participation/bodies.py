"""Bodies and answers of the routes for participations."""

from typing import Annotated

from pydantic import Field

from vouchers.campaign.view import ParticipationStatus
from zugabe_events.domain.event import Fact
from zugabe_events.http.fields import Body, Cents


class NewParticipation(Body):
    """`minimum_cents` replaces the campaign's minimum order value (VO-27)."""

    minimum_cents: Cents | None = None


class ChangedParticipation(Body):
    """`version` is the one that was edited; without `minimum_cents`, the campaign's applies."""

    minimum_cents: Cents | None
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class ParticipationResult(Fact, frozen=True):
    """`warnings`, in German, name terms that are hardly intended (VO-17).

    `minimum_cents` is what applies to the dealer's users.
    """

    campaign_id: str
    status: ParticipationStatus
    version: int
    minimum_cents: int
    warnings: tuple[str, ...] = ()
