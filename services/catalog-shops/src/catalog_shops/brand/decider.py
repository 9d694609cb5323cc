"""Brands that can be chosen for articles and shops: a stream for each, named by its id."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_shops.brand.name import brand_id, checked_name
from zugabe_events.contracts.catalog_shops import BrandNamed, BrandOrigin
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class NameBrand:
    """Make a brand known; its stream is that of `brand_id(name)`."""

    dealer: str
    name: str
    origin: BrandOrigin


@dataclass(frozen=True, slots=True)
class RenameBrand:
    """Change how a known brand is written."""

    dealer: str
    brand: str
    name: str


type Command = NameBrand | RenameBrand


class BrandNotFoundError(NotFoundError):
    code = "brand-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Marke gibt es nicht.")


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    origin: BrandOrigin


type Brand = Unknown | Named

UNKNOWN = Unknown()

AUTHORITY: Sequence[BrandOrigin] = ("catalogue", "onboarding", "staff")
"""Whose way to write a name is kept: the last of these that named the brand."""


def decide(command: Command, brand: Brand, central: Brand = UNKNOWN) -> Sequence[BrandNamed]:
    """`central` is the central brand of the same id, when `command` is about a dealer's."""
    name = checked_name(command.name)
    match command:
        case NameBrand():
            if isinstance(brand, Named):
                is_known = brand.name == name or outranks(brand.origin, command.origin)
            else:
                is_known = isinstance(central, Named)
            named = BrandNamed(command.dealer, brand_id(name), name, command.origin)
            return [] if is_known else [named]
        case RenameBrand():
            if not isinstance(brand, Named):
                raise BrandNotFoundError
            renamed = BrandNamed(command.dealer, command.brand, name, "staff")
            return [] if brand == Named(name, "staff") else [renamed]


def outranks(known: BrandOrigin, newer: BrandOrigin) -> bool:
    """A catalogue never changes how a brand is written, not even the next one."""
    return newer == "catalogue" or AUTHORITY.index(known) > AUTHORITY.index(newer)


def evolve(_: Brand, event: BrandNamed) -> Brand:
    return Named(event.name, event.origin)


BRAND_DECIDER: Decider[Command, Brand, BrandNamed] = Decider("brand", UNKNOWN, decide, evolve)


def brand_history(dealer: str, brand: str) -> History[Brand, BrandNamed]:
    stream = f"brand/{dealer}/{brand}"
    return History(Stream(stream, stream), BRAND_DECIDER)
