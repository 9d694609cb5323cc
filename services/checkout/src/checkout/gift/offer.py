"""The gifts that a dealer offers to a buyer at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.domain.gift_rules import DEFAULT_MODE
from zugabe_events.domain.gifts import Gift, GiftMode


@dataclass(frozen=True, slots=True)
class GiftOffer:
    """`tenant` maintains the gifts and ships them: the dealer, a group of dealers or `central`; ""
    if there are none (GA-8).

    `gifts` can be had on that day, each named as its article is now. `unavailable` are configured
    for that day, and their articles are out of stock or gone (X-27). `taxes` are the classes of the
    articles of `gifts`, by id of the gift. `version` is that of the rules.
    """

    tenant: str = ""
    version: int = 0
    mode: GiftMode = DEFAULT_MODE
    gifts: tuple[Gift, ...] = ()
    unavailable: tuple[Gift, ...] = ()
    taxes: Mapping[str, TaxClass] = field(default_factory=dict)

    @property
    def configured(self) -> tuple[Gift, ...]:
        """All that are valid on the day; a gift is added without a choice if it is the only one."""
        return (*self.gifts, *self.unavailable)
