"""A product type: one id for every way to write its label.

Brands wait for its data model until it is there, which it stays (ON-24).
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zugabe_events.contracts.onboarding import (
    DataModelAnswered,
    DataModelAwaited,
    DataModelImplemented,
    WaitingBrand,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Stream

MAX_ID_LENGTH = 64
UNSEEN = ("Mn", "Cf")
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class ImplementDataModel:
    product_type: str
    label: str
    group: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AwaitDataModel:
    product_type: str
    label: str
    waiting: WaitingBrand


type Command = ImplementDataModel | AwaitDataModel
type ProductTypeEvent = DataModelAwaited | DataModelAnswered | DataModelImplemented


class LabelDiffersError(InvalidError):
    """The id of a product type is its label in plain letters, so that none is entered twice."""

    code = "product-type-label-differs"

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"Zu dieser Bezeichnung gehört die Kennung „{expected}“.", product_type=expected
        )


@dataclass(frozen=True, slots=True)
class Awaited:
    waiting: tuple[WaitingBrand, ...] = ()


@dataclass(frozen=True, slots=True)
class Implemented:
    label: str
    group: str
    implemented_at: datetime


type ProductType = Awaited | Implemented


def decide(command: Command, product_type: ProductType) -> Sequence[ProductTypeEvent]:
    match command:
        case ImplementDataModel():
            return implement(command, product_type)
        case AwaitDataModel():
            return wait(command, product_type)


def implement(command: ImplementDataModel, product_type: ProductType) -> Sequence[ProductTypeEvent]:
    """Another spelling or group of what is there is corrected without a new notification."""
    if (expected := id_of(command.label)) != command.product_type:
        raise LabelDiffersError(expected)
    named = (command.product_type, command.label, command.group)
    match product_type:
        case Awaited(waiting):
            return [DataModelImplemented(*named, waiting, command.at)]
        case Implemented(label, group) if (label, group) == (command.label, command.group):
            return []
        case Implemented(implemented_at=since):
            return [DataModelImplemented(*named, (), since)]


def wait(command: AwaitDataModel, product_type: ProductType) -> Sequence[ProductTypeEvent]:
    """Never refuse: a policy asks. It is answered as often as it asks, and notified once."""
    match product_type:
        case Awaited(waiting) if command.waiting in waiting:
            return []
        case Awaited():
            return [DataModelAwaited(command.product_type, command.label, command.waiting)]
        case Implemented(implemented_at=since):
            return [DataModelAnswered(command.product_type, command.waiting, since)]


def id_of(label: str) -> str:
    """Case, blanks, punctuation, accents and the Unicode form make no difference; letters, digits
    and symbols do. What no id can hold is replaced by a digest of the whole label."""
    same = normalised(label)
    folded = unicodedata.normalize("NFKD", same.translate(GERMAN)).casefold()
    plain = "".join(sign for sign in folded if unicodedata.category(sign) not in UNSEEN)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if slug and len(slug) <= MAX_ID_LENGTH and not any(map(is_lost, plain)):
        return slug
    digest = hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{slug[: MAX_ID_LENGTH - 17].strip('-')}-{digest}".strip("-")


def is_lost(sign: str) -> bool:
    """It tells labels apart, and no id shows it."""
    return unicodedata.category(sign)[0] in "LNS" and not (sign.isascii() and sign.isalnum())


def normalised(label: str) -> str:
    """NFC, folded, with single blanks between words."""
    folded = unicodedata.normalize("NFC", label).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def evolve(product_type: ProductType, event: ProductTypeEvent) -> ProductType:
    match product_type, event:
        case _, DataModelImplemented():
            return Implemented(event.label, event.group, event.implemented_at)
        case Awaited(), DataModelAwaited():
            return replace(product_type, waiting=(*product_type.waiting, event.waiting))
        case _, DataModelAwaited() | DataModelAnswered():
            return product_type


PRODUCT_TYPE_DECIDER: Decider[Command, ProductType, ProductTypeEvent] = Decider(
    "product-type", Awaited(), decide, evolve
)


def product_type_history(product_type_id: str) -> History[ProductType, ProductTypeEvent]:
    stream = Stream(f"product-type/{product_type_id}", "product-type")
    return History(stream, PRODUCT_TYPE_DECIDER)
