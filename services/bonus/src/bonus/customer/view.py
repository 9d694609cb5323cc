"""Read model of the customers that a dealer has enabled, or had."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import replace

from zugabe_events.contracts.bonus import CustomerDisabled, CustomerEnabled
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class CustomerView(Fact, frozen=True):
    """`enabled_at` is None for customers who take part since ever.

    After `disabled_at` points can be redeemed to the end of the day `run_off_until` in Berlin.
    """

    dealer: str
    customer: str
    enabled: bool
    enabled_at: datetime | None = None
    disabled_at: datetime | None = None
    run_off_until: date | None = None


def key_of(dealer: str, customer: str) -> str:
    return f"{dealer}/{customer}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case CustomerEnabled() | CustomerDisabled():
            return [key_of(event.dealer, event.customer)]
        case _:
            return []


def project(view: CustomerView | None, event: Event) -> CustomerView | None:
    match event:
        case CustomerEnabled(dealer, customer, enabled_at):
            return CustomerView(dealer, customer, enabled=True, enabled_at=enabled_at)
        case CustomerDisabled() if view is not None:
            return replace(
                view,
                enabled=False,
                disabled_at=event.disabled_at,
                run_off_until=event.run_off_until,
            )
        case _:
            return view


CUSTOMERS = ReadModel(
    "bonus.customers",
    1,
    ("bonus",),
    CustomerView,
    keys,
    project,
    lists=ListOptions(("enabled",), ("customer",)),
)
