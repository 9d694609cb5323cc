"""The shops of a kind as a tenant's back office lists them: active ones in their order, then
inactive own ones, then inactive central ones (CS-12, CS-14, CS-15, CS-33)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog_shops.placement.view import PlacementView, active_refs
from catalog_shops.shop.view import Origin, ShopView, key_of
from zugabe_events.contracts.catalog_shops import ShopKind, ShopRef
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.projection import ComputedList, ListOptions
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import FilterValue, Page, Views

type Owner = Literal["own", "central"]
type Part = Literal["active", "own", "central"]

SORT = "position"


class ShopRow(Fact, frozen=True):
    """A shop in the list of a tenant; `position`, from 1, if it is active there.

    `maintained_by` is the tenant that maintains it, and `owner` says whether it is this one.
    """

    dealer: str
    kind: ShopKind
    owner: Owner
    maintained_by: str
    shop: str
    active: bool
    position: int | None
    name: str
    url_name: str
    brand: str
    file_name: str
    article_count: int
    origin: Origin
    changed_at: Instant | None
    review_due: bool


SHOP_ROWS = ComputedList(
    "catalog-shops.shop-rows", ShopRow, ListOptions(("active", "owner"), (SORT,))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list: a tenant and kind, perhaps only active or inactive, own or central."""

    dealer: str
    kind: ShopKind
    active: bool | None
    owner: Owner | None

    @property
    def parts(self) -> Sequence[Part]:
        """The parts of the list in their order."""
        inactive: list[Part] = [
            part
            for part in ("own", "central")
            if self.owner in (None, part) and not (part == "central" and self.dealer == CENTRAL)
        ]
        return [
            *(("active",) if self.active is not False else ()),
            *(inactive if self.active is not True else ()),
        ]

    def owner_of(self, tenant: str) -> Owner:
        return "own" if tenant == self.dealer else "central"


@dataclass(frozen=True, slots=True)
class ArrangedShops:
    """Pages of the list; a `Views` of rows that are computed."""

    shops: Views[ShopView]
    placements: Views[PlacementView]

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.shops.caught_up(tokens)
        await self.placements.caught_up(tokens)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[ShopRow]:
        """As `Views.page`; `where` has the fields of `Wanted`."""
        wanted = wanted_of(where)
        parts = list(wanted.parts)
        start: str | None = None
        if after is not None:
            part, start = place_of(after)
            if part not in parts:
                raise invalid_cursor()
            parts = parts[parts.index(part) :]
        refs = await active_refs(self.placements, wanted.dealer, wanted.kind)
        central: Sequence[ShopRef] = ()
        if "central" in parts:
            central = await active_refs(self.placements, CENTRAL, wanted.kind)
        rows: list[ShopRow] = []
        for at, part in enumerate(parts):
            while len(rows) < limit:
                found, start = (
                    await self._active(wanted, refs, start, limit - len(rows))
                    if part == "active"
                    else await self._inactive(wanted, part, refs, central, start, limit - len(rows))
                )
                rows += found
                if start is None:
                    break
            if start is not None:
                return Page(rows, encode_cursor(part, start, SORT))
            if len(rows) >= limit and at + 1 < len(parts):
                return Page(rows, encode_cursor(parts[at + 1], "", SORT))
        return Page(rows, None)

    async def _active(
        self, wanted: Wanted, refs: Sequence[ShopRef], start: str | None, limit: int
    ) -> tuple[list[ShopRow], str | None]:
        """Rows and the place behind them. Shops that were deleted have none."""
        first = index_of(start)
        some = refs[first : first + limit]
        keys = [key_of(ref.dealer, wanted.kind, ref.shop) for ref in some]
        views = await self.shops.get_many(keys)
        rows = [
            row_of(wanted, view, first + at + 1)
            for at, key in enumerate(keys)
            if (view := views.get(key)) is not None and view.status == "existing"
        ]
        rows = [row for row in rows if wanted.owner in (None, row.owner)]
        behind = first + len(some)
        return rows, str(behind) if behind < len(refs) else None

    async def _inactive(
        self,
        wanted: Wanted,
        part: Part,
        refs: Sequence[ShopRef],
        central: Sequence[ShopRef],
        start: str | None,
        limit: int,
    ) -> tuple[list[ShopRow], str | None]:
        """Beside the shops that central shows, its proposals are drafts, in a list of their own."""
        tenant = wanted.dealer if part == "own" else CENTRAL
        where = {"dealer": tenant, "kind": wanted.kind, "status": "existing"}
        page = await self.shops.page(where, sort="name", after=start or None, limit=limit)
        active = {ref.shop for ref in refs if ref.dealer == tenant}
        rows = [
            row_of(wanted, view, None)
            for view in page.items
            if view.shop not in active and not (part == "central" and is_draft(view, central))
        ]
        return rows, page.next


def is_draft(view: ShopView, central: Sequence[ShopRef]) -> bool:
    """Proposed by onboarding, and not shown by central yet: in a list of its own."""
    return view.origin == "onboarding" and ShopRef(view.dealer, view.shop) not in central


def wanted_of(where: Mapping[str, FilterValue]) -> Wanted:
    return Wanted(where["dealer"], where["kind"], where.get("active"), where.get("owner"))  # type: ignore[arg-type]


def place_of(cursor: str) -> tuple[str, str]:
    """The part of the list in which a page begins, and where in it. Raises InvalidError."""
    part, start = decode_cursor(cursor, SORT)
    if not isinstance(part, str):
        raise invalid_cursor()
    return part, start


def index_of(start: str | None) -> int:
    """Raises InvalidError."""
    if not start:
        return 0
    if not (start.isascii() and start.isdecimal() and len(start) <= 6):
        raise invalid_cursor()
    return int(start)


def row_of(wanted: Wanted, view: ShopView, position: int | None) -> ShopRow:
    return ShopRow(
        dealer=wanted.dealer,
        kind=view.kind,
        owner=wanted.owner_of(view.dealer),
        maintained_by=view.dealer,
        shop=view.shop,
        active=position is not None,
        position=position,
        name=view.name,
        url_name=view.url_name,
        brand=view.brand,
        file_name=view.file_name,
        article_count=view.article_count,
        origin=view.origin,
        changed_at=view.changed_at,
        review_due=view.review_due,
    )
