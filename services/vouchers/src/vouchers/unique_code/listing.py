"""The list of a campaign's unique codes, with what became of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from vouchers.unique_code.codes import StoredCode, UniqueCodes
from vouchers.unique_code.view import CodeUse, key_of
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.event import Fact
from zugabe_events.domain.projection import ComputedList, ListOptions
from zugabe_events.domain.views import FilterValue, Page, Views
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery

END = 2**31
SORTS = ("number", "-number")


class UniqueCodeView(Fact, frozen=True):
    """A code that is used, or held by an open checkout, names its order, and user at its dealer.

    Central marketing does not see the user (X-28).
    """

    dealer: str
    campaign_id: str
    number: int
    code: str
    used: bool
    order_id: str | None = None
    user: str | None = None
    used_at: datetime | None = None


class UniqueCodeQuery(ListQuery):
    sort: Literal["number", "-number"] = "number"


class UniqueCodeList:
    """Pages in the order of the numbers; codes that are being generated come as they are stored."""

    def __init__(self, codes: UniqueCodes, uses: Views[CodeUse]) -> None:
        self._codes = codes
        self._uses = uses

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self._uses.caught_up(tokens)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[UniqueCodeView]:
        owner, campaign_id = str(where["dealer"]), str(where["campaign_id"])
        descending = sort == "-number"
        last = position(after, sort)
        found = await self._codes.listed(
            owner,
            campaign_id,
            0 if descending or last is None else last,
            END if not descending or last is None else last,
            limit=limit + 1,
            descending=descending,
        )
        codes = found[:limit]
        uses = await self._uses.get_many(
            [key_of(owner, campaign_id, code.number) for code in codes]
        )
        items = [shown(code, uses.get(key_of(owner, campaign_id, code.number))) for code in codes]
        more = len(found) > limit
        return Page(items, encode_cursor(codes[-1].number, "", sort) if more else None)


def position(after: str | None, sort: str | None) -> int | None:
    """The number behind which a page begins. Raises InvalidError."""
    if after is None:
        return None
    number, _ = decode_cursor(after, sort)
    if not isinstance(number, int):
        raise invalid_cursor()
    return number


def shown(code: StoredCode, use: CodeUse | None) -> UniqueCodeView:
    is_used = use is not None and use.order_id is not None
    is_own = use is not None and use.at_dealer == code.owner
    return UniqueCodeView(
        dealer=code.owner,
        campaign_id=code.campaign_id,
        number=code.number,
        code=code.code,
        used=is_used,
        order_id=use.order_id if use and is_own else None,
        user=use.user if use and is_used and is_own else None,
        used_at=use.taken_at if use else None,
    )


TABLE = Table(
    "gutscheincodes",
    ComputedList("vouchers.unique-codes", UniqueCodeView, ListOptions((), ("number",))),
    (
        Column("Nummer", lambda code: code.number),
        Column("Code", lambda code: code.code),
        Column("Verwendet", lambda code: code.used),
        Column("Verwendet am", lambda code: code.used_at, "instant"),
        Column("Bestell-ID", lambda code: code.order_id),
        Column("Benutzer", lambda code: code.user),
    ),
)
