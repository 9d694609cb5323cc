"""The answers of onboarding, as far as a partner's pages need them; fields to come are ignored."""

from datetime import date, datetime

import msgspec


class Person(msgspec.Struct, frozen=True):
    """Fields are None once nothing may be told about them."""

    name: str | None = None
    email: str | None = None


class BrandLine(msgspec.Struct, frozen=True):
    brand: str
    name: str
    status: str
    phase: str | None
    owed_by_partner: int
    owed_by_central: int
    live_at: datetime | None


class PartnerSummary(msgspec.Struct, frozen=True):
    partner: str
    name: str
    status: str
    contact: Person
    manager: Person | None
    brands: tuple[BrandLine, ...]


class Phase(msgspec.Struct, frozen=True):
    phase: str
    status: str
    started_at: datetime | None
    completed_at: datetime | None


class Step(msgspec.Struct, frozen=True):
    step: str
    done: bool


class Missing(msgspec.Struct, frozen=True):
    requirement: str
    owner: str
    subject: str
    count: int
    detail: str


class Release(msgspec.Struct, frozen=True):
    platform: str
    status: str
    open: tuple[str, ...]
    live_articles: int


class Brand(msgspec.Struct, frozen=True):
    """The state of one brand; `missing` is what its running phase still needs."""

    brand: str
    name: str
    status: str
    phase: str | None
    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    missing: tuple[Missing, ...]
    releases: tuple[Release, ...]
    overdue_data_models: tuple[str, ...]
    articles: int
    articles_with_text: int
    articles_with_images: int
    live_at: datetime | None
    reporting_url: str | None
    data_links: tuple[str, ...]

    def owed_by(self, side: str) -> list[Missing]:
        return [missing for missing in self.missing if missing.owner == side]


class Item(msgspec.Struct, frozen=True):
    """Something to see or to read; without a step it is about its whole phase."""

    id: str
    title: str
    kind: str
    url: str
    phase: str
    step: str | None = None


class AmazonHint(msgspec.Struct, frozen=True):
    lines: tuple[str, ...]
    registry_url: str


class MaterialFile(msgspec.Struct, frozen=True):
    """A file that central uploaded for all partners (ON-3)."""

    id: str
    title: str
    phase: str
    file_name: str
    size_bytes: int
    step: str | None = None


class Material(msgspec.Struct, frozen=True):
    items: tuple[Item, ...]
    amazon: AmazonHint | None = None
    files: tuple[MaterialFile, ...] = ()

    def of(self, phase: str, step: str | None = None) -> list[Item]:
        return [item for item in self.items if item.phase == phase and item.step == step]

    def files_of(self, phase: str, step: str | None = None) -> list[MaterialFile]:
        return [file for file in self.files if file.phase == phase and file.step == step]


class Need(msgspec.Struct, frozen=True):
    product_type: str
    label: str
    status: str
    due_on: date | None = None


class Needs(msgspec.Struct, frozen=True):
    brand: str
    product_types: tuple[Need, ...]
    price_cents: int
    days: int


class Delivery(msgspec.Struct, frozen=True):
    """`address` and `conditions` are None until logistics begins."""

    brand: str
    warehouse: str
    name: str
    address: str | None = None
    conditions: str | None = None


class Document(msgspec.Struct, frozen=True):
    document: str
    brand: str
    title: str
    file_name: str
    media_type: str
    size_bytes: int
    by: str
    stored_at: datetime


class FormLine(msgspec.Struct, frozen=True):
    form: str
    step: str
    title: str
    status: str
    revision: int
    reason: str
    changed_at: datetime | None = None


class Forms(msgspec.Struct, frozen=True):
    """The forms of a brand; with "" as brand, those for all brands."""

    brand: str
    brand_name: str
    accepted: int
    forms: tuple[FormLine, ...]


class Page[Line](msgspec.Struct, frozen=True):
    """A page of a list; `next` is None on the last one."""

    items: tuple[Line, ...]
    next: str | None = None
