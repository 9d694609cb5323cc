"""A user's wallet, as its events fold again."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from zugabe_verify.records import Body


@dataclass(slots=True)
class Wallet:
    """Open `holds` by order and hold, `redeemed` by hold, `issued` and `awaited` by voucher.

    `noted` has the time and id of orders, `clawed_back` the holds whose discount is to be charged,
    `past` the uses by campaign of the system before.
    """

    holds: defaultdict[str, dict[str, Body]] = field(default_factory=lambda: defaultdict(dict))
    redeemed: dict[str, Body] = field(default_factory=dict)
    issued: dict[str, Body] = field(default_factory=dict)
    awaited: dict[str, Body] = field(default_factory=dict)
    noted: set[tuple[str, str]] = field(default_factory=set)
    ever_held: dict[str, Body] = field(default_factory=dict)
    ever_noted: set[tuple[str, str]] = field(default_factory=set)
    redemptions: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)
    clawed_back: Counter[str] = field(default_factory=Counter)
    past: Counter[str] = field(default_factory=Counter)

    @property
    def uses(self) -> list[Body]:
        """Uses held and redeemed."""
        return [
            *(hold for holds in self.holds.values() for hold in holds.values()),
            *self.redeemed.values(),
        ]

    def uses_of(self, campaign_id: str) -> int:
        now = [use for use in self.uses if use["campaign_id"] == campaign_id]
        return len(now) + self.past[campaign_id]

    def voucher_of(self, campaign_id: str) -> Body | None:
        """The one that the user has, or will have."""
        every = [*self.issued.values(), *self.awaited.values()]
        return next((voucher for voucher in every if voucher["campaign_id"] == campaign_id), None)
