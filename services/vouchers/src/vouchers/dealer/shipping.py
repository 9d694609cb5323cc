"""Shipping terms of dealers, as checkout charges by them (VO-17)."""

from collections.abc import Sequence
from datetime import datetime

from zugabe_events.contracts.checkout import SalesTermsSet, ShippingTerms
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.versions import version_at

MAX_VERSIONS = 10
"""Versions that are remembered: those to come, and the one in force before them."""


class ShippingVersion(Fact, frozen=True):
    """Without `terms` every delivery is free."""

    version: int
    effective_at: datetime
    terms: tuple[ShippingTerms, ...]


class ShippingView(Fact, frozen=True):
    dealer: str
    versions: tuple[ShippingVersion, ...]

    def at(self, instant: datetime) -> tuple[ShippingTerms, ...] | None:
        """The terms in force; None before the first."""
        version = version_at(self.versions, instant)
        return version.terms if version else None


def keys(event: Event) -> Sequence[str]:
    match event:
        case SalesTermsSet():
            return [event.dealer]
        case _:
            return []


def project(view: ShippingView | None, event: Event) -> ShippingView | None:
    match event:
        case SalesTermsSet():
            before = view.versions if view else ()
            version = ShippingVersion(event.version, event.effective_at, event.terms.shipping)
            versions = sorted((*before, version), key=lambda one: (one.effective_at, one.version))
            return ShippingView(event.dealer, tuple(versions[-MAX_VERSIONS:]))
        case _:
            return view


SHIPPING = ReadModel(
    name="vouchers.shipping",
    version=1,
    topics=("checkout",),
    view=ShippingView,
    keys=keys,
    project=project,
)
