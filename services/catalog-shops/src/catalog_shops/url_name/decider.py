"""URL names: each belongs to one shop of a tenant at a time, however it is written (CS-19)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog_shops.shop.lane import shop_stream
from catalog_shops.texts import plain_letters
from zugabe_events.contracts.catalog_shops import (
    ShopKind,
    UrlNameClaimed,
    UrlNameEvent,
    UrlNameReleased,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.visible_text import without_invisible

MAX_LENGTH = 64
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})


def slug_of(text: str) -> str:
    """Words of `a-z0-9` with hyphens between them; "" if nothing of the text is left."""
    plain = plain_letters(without_invisible(text), UMLAUTS)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def normalised(url_name: str) -> str:
    """The one form in which URL names are claimed and shown. Raises InvalidError."""
    slug = slug_of(url_name)
    if not slug:
        raise InvalidError(
            "Der URL-Name enthält weder Buchstaben noch Ziffern.", code="url-name-empty"
        )
    if len(slug) > MAX_LENGTH:
        raise InvalidError(
            f"Der URL-Name ist länger als {MAX_LENGTH} Zeichen.", code="url-name-too-long"
        )
    return slug


@dataclass(frozen=True, slots=True)
class ClaimUrlName:
    dealer: str
    url_name: str
    kind: ShopKind
    shop: str


@dataclass(frozen=True, slots=True)
class ReleaseUrlName:
    """Changes nothing when another shop has the name."""

    dealer: str
    url_name: str
    kind: ShopKind
    shop: str


@dataclass(frozen=True, slots=True)
class ReserveUrlName:
    """Claim a name if it is wanted and free; never refused."""

    dealer: str
    url_name: str
    kind: ShopKind
    shop: str
    is_wanted: bool


type Command = ClaimUrlName | ReleaseUrlName | ReserveUrlName


class UrlNameTakenError(RefusedError):
    """Another shop of the tenant has the URL name; `name` is how people know that shop."""

    code = "url-name-taken"

    def __init__(self, url_name: str, kind: ShopKind, shop: str, name: str = "") -> None:
        noun = "Markenshop" if kind == "brand" else "Themenshop"
        owner = f"zum {noun} „{name}“" if name else f"zu einem anderen {noun}"
        super().__init__(
            f"Der URL-Name „{url_name}“ gehört schon {owner}.",
            url_name=url_name,
            kind=kind,
            shop=shop,
            name=name or None,
        )
        self.url_name, self.kind, self.shop = url_name, kind, shop


@dataclass(frozen=True, slots=True)
class Free:
    pass


@dataclass(frozen=True, slots=True)
class Claimed:
    kind: ShopKind
    shop: str


type UrlName = Free | Claimed


def decide(command: Command, url_name: UrlName) -> Sequence[UrlNameEvent]:
    own = Claimed(command.kind, command.shop)
    match command:
        case ClaimUrlName():
            if url_name == own:
                return []
            if isinstance(url_name, Claimed):
                raise UrlNameTakenError(command.url_name, url_name.kind, url_name.shop)
            return [UrlNameClaimed(command.dealer, command.url_name, command.kind, command.shop)]
        case ReleaseUrlName():
            return [UrlNameReleased(command.dealer, command.url_name)] if url_name == own else []
        case ReserveUrlName():
            if not command.is_wanted or isinstance(url_name, Claimed):
                return []
            return [UrlNameClaimed(command.dealer, command.url_name, command.kind, command.shop)]


def evolve(_: UrlName, event: UrlNameEvent) -> UrlName:
    match event:
        case UrlNameClaimed():
            return Claimed(event.kind, event.shop)
        case UrlNameReleased():
            return Free()


URL_NAME_DECIDER: Decider[Command, UrlName, UrlNameEvent] = Decider(
    "url-name", Free(), decide, evolve
)


def url_name_history(dealer: str, url_name: str) -> History[UrlName, UrlNameEvent]:
    """`url_name` is normalised."""
    return History(shop_stream(dealer, f"url-name/{dealer}/{url_name}"), URL_NAME_DECIDER)
