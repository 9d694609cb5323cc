"""The answers of onboarding, as far as the pages of Customer Success need them."""

from datetime import date, datetime

import msgspec


class Owed(msgspec.Struct, frozen=True):
    requirement: str
    owner: str


class BoardLine(msgspec.Struct, frozen=True):
    """A brand on the board; `needs` are German lines about what its phase still lacks."""

    partner: str
    partner_name: str
    brand: str
    name: str
    manager: str | None
    status: str
    phase: str | None
    since: datetime | None
    waits_for: str
    waiting_since: datetime | None
    missing: tuple[Owed, ...]
    overdue: bool
    overdue_data_models: tuple[str, ...]
    reminders: int
    reminded_at: datetime | None
    forecast: date | None
    needs: tuple[str, ...] = ()


class LeadTime(msgspec.Struct, frozen=True):
    phase: str
    running: int
    finished: int
    median_days: int | None
    expected_days: int
    waited_for_partner_hours: int
    waited_for_central_hours: int


class LeadTimes(msgspec.Struct, frozen=True):
    phases: tuple[LeadTime, ...]


class Warehouse(msgspec.Struct, frozen=True):
    warehouse: str
    name: str
    address: str
    conditions: str


class WarehouseChoice(msgspec.Struct, frozen=True):
    """`address` is None until the partner is told it."""

    warehouse: str
    name: str
    address: str | None = None


class ProductType(msgspec.Struct, frozen=True):
    """`waiting` are brands as `partner/brand`."""

    product_type: str
    label: str
    group: str
    status: str
    implemented_at: datetime | None = None
    waiting: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """`name` is None for those who are neither contact nor manager any more."""

    at: datetime
    by: str
    actor: str
    name: str | None
    text: str


class Address(msgspec.Struct, frozen=True):
    """`failed_at` is None unless mails to the contact do not arrive; `detail` is a sentence."""

    failed_at: datetime | None = None
    detail: str = ""
