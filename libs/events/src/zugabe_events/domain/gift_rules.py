"""The gifts that somebody configured, by version: which rules were in force at an instant (X-40).

Readers keep as much of the past as an order may still ask for, and not more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.gifts import Gift, GiftMode

DEFAULT_MODE: GiftMode = "per"
"""As long as nobody set another one (GA-13)."""

MAX_VERSIONS = 20
"""Versions that are kept of a gift, and of the mode."""

MAX_GIFTS = 1_000
"""Gifts that are kept, of which only the latest withdrawn ones."""


class Version(Fact, frozen=True):
    version: int
    effective_at: Instant


class ModeVersion(Version, frozen=True):
    mode: GiftMode


class OfferVersion(Version, frozen=True):
    """`offer` is None once the gift is withdrawn."""

    gift: str
    offer: Gift | None


class GiftRules(Fact, frozen=True):
    """`version` counts all changes; versions ascend by the instant from which they are in force."""

    version: int = 0
    modes: tuple[ModeVersion, ...] = ()
    offers: tuple[OfferVersion, ...] = ()


class GiftConfiguration(Fact, frozen=True):
    """The mode and the gifts in force at an instant, in the order in which they were offered.

    `version` is that of the latest change among them; 0 if there was none.
    """

    version: int = 0
    mode: GiftMode = DEFAULT_MODE
    gifts: tuple[Gift, ...] = ()


def configuration_at(rules: GiftRules, at: datetime) -> GiftConfiguration:
    """The rules in force at an instant, whatever days their gifts are valid on."""
    modes = [one for one in rules.modes if one.effective_at <= at]
    offers = [one for one in rules.offers if one.effective_at <= at]
    in_force = {one.gift: one.offer for one in offers}
    versions: list[Version] = [*modes, *offers]
    return GiftConfiguration(
        version=max((one.version for one in versions), default=0),
        mode=modes[-1].mode if modes else DEFAULT_MODE,
        gifts=tuple(offer for offer in in_force.values() if offer is not None),
    )


def latest_at(rules: GiftRules) -> datetime | None:
    """The instant from which the latest change is in force."""
    versions: list[Version] = [*rules.modes, *rules.offers]
    return max((one.effective_at for one in versions), default=None)


def with_mode(rules: GiftRules, added: ModeVersion) -> GiftRules:
    modes = in_order([*rules.modes, added])[-MAX_VERSIONS:]
    return replace(rules, version=added.version, modes=modes)


def with_offer(rules: GiftRules, added: OfferVersion) -> GiftRules:
    its = in_order([*(one for one in rules.offers if one.gift == added.gift), added])
    others = [one for one in rules.offers if one.gift != added.gift]
    offers = in_order([*others, *its[-MAX_VERSIONS:]])
    return replace(rules, version=added.version, offers=without_forgotten(offers))


def without_forgotten(offers: tuple[OfferVersion, ...]) -> tuple[OfferVersion, ...]:
    """Of more than MAX_GIFTS, those withdrawn the longest ago are forgotten."""
    last = {one.gift: one for one in offers}
    too_many = len(last) - MAX_GIFTS
    if too_many <= 0:
        return offers
    withdrawn = in_order(one for one in last.values() if one.offer is None)
    forgotten = {one.gift for one in withdrawn[:too_many]}
    return tuple(one for one in offers if one.gift not in forgotten)


def in_order[V: Version](versions: Iterable[V]) -> tuple[V, ...]:
    """Of two for the same instant, the later decided one counts, and comes last."""
    return tuple(sorted(versions, key=lambda one: (one.effective_at, one.version)))


def offered_last(rules: GiftRules) -> Sequence[Gift]:
    """The gifts that are offered after all changes."""
    last = {one.gift: one.offer for one in rules.offers}
    return [offer for offer in last.values() if offer is not None]
