"""Data models that a brand needs: reported when missing, free of charge, due in four weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from onboarding.brand.state import (
    Brand,
    Progress,
    Request,
    State,
    TooManyError,
    brand_of,
    with_all,
)
from onboarding.labels import enumerated
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    DataModelAvailable,
    DataModelsOverdue,
    DataModelsRequested,
    Manager,
    ProductTypesNeeded,
)
from zugabe_events.domain.calendar import days_after, start_of
from zugabe_events.domain.errors import RefusedError

DAYS = 28
"""Days that a new data model takes at most (ON-28)."""

PRICE_CENTS = 0
"""Free of charge (ON-28)."""

MAX_TYPES = 300
MAX_REQUESTS = 1_000


@dataclass(frozen=True, slots=True)
class NeededProductType:
    """A product type of a brand. `available`: it has its data model, as far as known."""

    product_type: str
    label: str
    available: bool


@dataclass(frozen=True, slots=True)
class NeedProductTypes:
    """These, and no others any more; each is named once. None at all names nothing new."""

    types: tuple[NeededProductType, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestDataModels:
    """Report missing product types: these, or all that were not reported yet."""

    request: str
    product_types: tuple[str, ...]
    recipient: Manager
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteDataModel:
    product_type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlagOverdue:
    """`in_time`: product types implemented before the day was over, noted by the brand or not."""

    request: str
    in_time: tuple[str, ...]
    at: datetime


type DataModelCommand = NeedProductTypes | RequestDataModels | NoteDataModel | FlagOverdue


class NothingToReportError(RefusedError):
    """Every product type of the brand has its data model, or was reported."""

    code = "no-product-type-missing"

    def __init__(self) -> None:
        super().__init__("Es gibt keine fehlenden Produkttypen, die noch zu melden wären.")


class NotMissingError(RefusedError):
    """Only needed product types without a data model can be reported."""

    code = "product-types-not-missing"

    def __init__(self, labels: Mapping[str, str]) -> None:
        """`labels` are those of the product types, by id."""
        names = enumerated([f"„{label}“" for label in labels.values()])
        super().__init__(
            f"Der Produkttyp {names} fehlt der Marke nicht oder ist nicht als benötigt angegeben."
            if len(labels) == 1
            else f"Die Produkttypen {names} fehlen der Marke nicht oder sind nicht als benötigt "
            "angegeben."
        )
        self.lists = {"product_types": [{"product_type": name} for name in labels]}


def decide_data_models(command: DataModelCommand, state: State) -> Sequence[BrandEvent]:
    match command:
        case NeedProductTypes():
            return need(command, brand_of(state))
        case RequestDataModels():
            return request(command, brand_of(state))
        case NoteDataModel():
            return note(command, brand_of(state))
        case FlagOverdue():
            return flag_overdue(command, brand_of(state))


def need(command: NeedProductTypes, brand: Brand) -> Sequence[ProductTypesNeeded]:
    """A data model stays available, whatever the caller has seen (ON-24)."""
    progress = brand.progress
    labels = {needed.product_type: needed.label for needed in command.types}
    there = {needed.product_type for needed in command.types if needed.available} | {
        *progress.available
    }
    available = tuple(sorted(name for name in labels if name in there))
    missing = tuple(sorted(name for name in labels if name not in there))
    if not labels or (labels == progress.labels and {*available} <= {*progress.available}):
        return []
    named = tuple(labels[name] for name in (*available, *missing))
    return [ProductTypesNeeded(brand.partner, brand.brand, available, missing, command.at, named)]


def request(command: RequestDataModels, brand: Brand) -> Sequence[DataModelsRequested]:
    """Each missing product type is reported once (ON-27)."""
    progress = brand.progress
    missing = progress.without_data_model
    if unknown := [name for name in command.product_types if name not in missing]:
        raise NotMissingError({name: progress.labels.get(name, name) for name in unknown})
    wanted = sorted({*(command.product_types or missing)} - reported(progress))
    if not wanted:
        raise NothingToReportError
    if len(progress.requests) >= MAX_REQUESTS:
        raise TooManyError("Meldungen", MAX_REQUESTS)
    due_on = days_after(command.at, DAYS)
    return [
        DataModelsRequested(
            brand.partner,
            brand.brand,
            brand.name,
            command.request,
            tuple(wanted),
            tuple(progress.labels.get(name, name) for name in wanted),
            command.recipient,
            PRICE_CENTS,
            command.at,
            due_on,
            start_of(due_on + timedelta(days=1)),
            brand.partner_name,
        )
    ]


def reported(progress: Progress) -> set[str]:
    return {name for request in progress.requests.values() for name in request.product_types}


def note(command: NoteDataModel, brand: Brand) -> Sequence[DataModelAvailable]:
    """Note it once, and only for a brand that waits for it; never refuse."""
    progress, product_type = brand.progress, command.product_type
    waits = {*progress.product_types, *progress.article_types, *reported(progress)}
    if product_type in progress.available or product_type not in waits:
        return []
    return [DataModelAvailable(brand.partner, brand.brand, product_type, command.at)]


def flag_overdue(command: FlagOverdue, brand: Brand) -> Sequence[DataModelsOverdue]:
    """Once, when the day is over; not when all came in time (ON-28)."""
    asked = brand.progress.requests.get(command.request)
    if asked is None or asked.overdue or command.at < start_of(asked.due_on + timedelta(days=1)):
        return []
    late = outstanding(brand.progress, command.request, command.in_time)
    if not late:
        return []
    named = (brand.partner, brand.brand, command.request)
    return [DataModelsOverdue(*named, late, asked.due_on)]


def outstanding(
    progress: Progress, request_id: str, besides: Sequence[str] = ()
) -> tuple[str, ...]:
    """Product types of a request that are not there yet."""
    reported = progress.requests[request_id].product_types
    return tuple(
        name for name in reported if name not in progress.available and name not in besides
    )


def noted_data_model(
    progress: Progress, event: ProductTypesNeeded | DataModelsRequested | DataModelAvailable
) -> Progress:
    """A data model that is there stays there."""
    match event:
        case ProductTypesNeeded():
            return replace(
                progress,
                labels=dict(zip((*event.available, *event.missing), event.labels, strict=False)),
                product_types=with_all((), *event.available, *event.missing),
                available=with_all(progress.available, *event.available),
            )
        case DataModelsRequested():
            request = Request(event.product_types, event.due_on)
            return replace(progress, requests={**progress.requests, event.request: request})
        case DataModelAvailable():
            return replace(progress, available=with_all(progress.available, event.product_type))


def noted_overdue(progress: Progress, event: DataModelsOverdue) -> Progress:
    request = Request(event.product_types, event.due_on)
    request = replace(progress.requests.get(event.request, request), overdue=event.product_types)
    return replace(progress, requests={**progress.requests, event.request: request})
