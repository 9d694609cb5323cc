"""The uploaded assortment of a shop, in the order of its file (CS-22, CS-27).

The state holds a hash of each number: enough to tell whether an article belongs to the shop.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from catalog_shops.shop.lane import shop_stream
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import AssortmentImported
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError

MAX_ARTICLES = 20_000
MAX_BYTES = 850_000
"""Less than an event may have."""

BYTES_OF_QUOTES = 3
HASH_BYTES = 8


@dataclass(frozen=True, slots=True)
class ImportAssortment:
    key: ShopKey
    file_name: str
    numbers: tuple[str, ...]
    at: datetime


class AssortmentTooLargeError(RefusedError):
    code = "assortment-too-large"

    def __init__(self) -> None:
        super().__init__(
            "Ein Shop kann höchstens 20.000 Artikel haben, bei langen Nummern weniger.",
            most=MAX_ARTICLES,
        )


@dataclass(frozen=True, slots=True)
class Assortment:
    """`hashes` are sorted, of HASH_BYTES each; `ordered` is a hash of the numbers in their order.

    Without a `file_name` nothing was imported yet.
    """

    file_name: str = ""
    count: int = 0
    hashes: bytes = b""
    ordered: bytes = b""

    @property
    def is_there(self) -> bool:
        return bool(self.file_name)

    def __contains__(self, number: str) -> bool:
        wanted = hash_of(number)
        at = bisect_left(range(self.count), wanted, key=self._hash_at)
        return at < self.count and self._hash_at(at) == wanted

    def _hash_at(self, index: int) -> bytes:
        return self.hashes[index * HASH_BYTES : (index + 1) * HASH_BYTES]


def hash_of(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=HASH_BYTES).digest()


def assortment_of(file_name: str, numbers: Iterable[str]) -> Assortment:
    hashes = list(map(hash_of, numbers))
    ordered = blake2b(b"".join(hashes), digest_size=16).digest()
    return Assortment(file_name, len(hashes), b"".join(sorted(hashes)), ordered)


def decide(command: ImportAssortment, assortment: Assortment) -> Sequence[AssortmentImported]:
    key, numbers = command.key, command.numbers
    size = sum(len(number.encode()) + BYTES_OF_QUOTES for number in numbers)
    if len(numbers) > MAX_ARTICLES or size > MAX_BYTES:
        raise AssortmentTooLargeError
    if assortment_of(command.file_name, numbers) == assortment:
        return []
    return [
        AssortmentImported(key.dealer, key.kind, key.shop, command.file_name, numbers, command.at)
    ]


def evolve(_: Assortment, event: AssortmentImported) -> Assortment:
    return assortment_of(event.file_name, event.articles)


ASSORTMENT_DECIDER: Decider[ImportAssortment, Assortment, AssortmentImported] = Decider(
    "assortment", Assortment(), decide, evolve
)


def assortment_history(key: ShopKey) -> History[Assortment, AssortmentImported]:
    stream = shop_stream(key.dealer, f"assortment/{key.dealer}/{key.kind}/{key.shop}")
    return History(stream, ASSORTMENT_DECIDER)
