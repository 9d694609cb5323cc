"""Let brands wait for the data models of product types, and notify them (ON-24, ON-25)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from onboarding.brand.data_models import NeededProductType, NeedProductTypes, NoteDataModel
from onboarding.brand.decider import brand_history
from onboarding.form.decider import Form, FormKey, form_history
from onboarding.product_type.decider import AwaitDataModel, id_of, product_type_history
from zugabe_events.contracts.onboarding import (
    ArticlesRegistered,
    DataModelAnswered,
    DataModelImplemented,
    DataModelsRequested,
    FormAccepted,
    ProductTypesNeeded,
    WaitingBrand,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case ProductTypesNeeded() as needed:
            missing = needed.labels[len(needed.available) :]
            return waits(needed.partner, needed.brand, needed.missing, missing)
        case FormAccepted(form="produkttypen", brand=brand) as accepted if brand:
            form = form_history(FormKey(accepted.partner, brand, accepted.form))
            target = brand_history(accepted.partner, brand)
            return [Reaction(target, partial(as_filled_in, accepted.accepted_at), (form,))]
        case DataModelsRequested() as requested:
            types, labels = requested.product_types, requested.labels
            return waits(requested.partner, requested.brand, types, labels)
        case ArticlesRegistered() as registered:
            # An article may have a type that the brand did not name, whether there or not.
            types = tuple(sorted({article.product_type for article in registered.articles}))
            return waits(registered.partner, registered.brand, types, types)
        case DataModelImplemented(waiting=waiting) as there:
            return [tells(there, brand) for brand in waiting]
        case DataModelAnswered(waiting=brand) as there:
            return [tells(there, brand)]
        case _:
            return []


def waits(
    partner: str, brand: str, types: Sequence[str], labels: Sequence[str]
) -> Sequence[Reaction]:
    """Nothing changes for a brand that waits already or is answered again."""
    waiting = WaitingBrand(partner, brand)
    named = dict(zip(types, types, strict=True)) | dict(zip(types, labels, strict=False))
    return [
        Reaction(product_type_history(name), partial(AwaitDataModel, name, label, waiting))
        for name, label in named.items()
    ]


def as_filled_in(at: datetime, form: Form) -> NeedProductTypes:
    """None is marked as available: those that are answer at once, as they do to all who wait."""
    by_id = {id_of(label): label for label in form.answers_to("produkttypen.produkttyp")}
    types = (NeededProductType(name, label, available=False) for name, label in by_id.items())
    return NeedProductTypes(tuple(types), at)


def tells(there: DataModelImplemented | DataModelAnswered, brand: WaitingBrand) -> Reaction:
    command = NoteDataModel(there.product_type, there.implemented_at)
    return Reaction(brand_history(brand.partner, brand.brand), lambda: command)


DATA_MODELS = Policy(name="onboarding.data-models", topics=("onboarding",), react=react)
