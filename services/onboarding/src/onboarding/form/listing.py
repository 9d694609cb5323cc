"""How the forms of a partner's brands look as rows."""

from collections.abc import Callable, Mapping
from typing import Literal

from onboarding.form.filled import FormStatus
from onboarding.form.initial import INITIAL
from onboarding.form.view import FORM_LISTS, FormsView
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery

STATUS: Mapping[FormStatus, str] = {
    "open": "offen",
    "draft": "Entwurf",
    "submitted": "eingereicht",
    "sent-back": "zurückgegeben",
    "accepted": "angenommen",
}


class FormsQuery(ListQuery):
    sort: Literal["brand", "-brand"] = "brand"


def status_of(form: str) -> Callable[[FormsView], str]:
    """Empty where the form is not filled in."""

    def status(view: FormsView) -> str:
        return next((STATUS[line.status] for line in view.forms if line.form == form), "")

    return status


TABLE = Table(
    "formulare",
    FORM_LISTS,
    (
        Column("Marke", lambda view: view.brand),
        Column("Markenname", lambda view: view.brand_name),
        *(Column(form.title, status_of(form.form)) for form in INITIAL.values()),
    ),
)
