"""Planned stock of a brand as its form says it (ON-29, ON-30)."""

from onboarding.form.decider import Content, Form
from zugabe_events.contracts.onboarding import PlannedStock, StockGroup

STOCK_FORM = "lagerbestand"
TABLE = "bestaende"


def planned_stock_of(form: Form) -> PlannedStock | None:
    """None unless the form is in, accepted or not."""
    if form.status not in ("submitted", "accepted") or form.content is None:
        return None
    content = form.content
    return PlannedStock(
        pieces=number(content, "bestand"),
        articles=number(content, "artikel"),
        groups=tuple(group(content, row.row) for row in content.rows if row.table == TABLE),
    )


def group(content: Content, row: str) -> StockGroup:
    return StockGroup(
        product_group=text(content, f"{TABLE}.warengruppe", row),
        pieces=number(content, f"{TABLE}.menge", row),
        length_mm=number(content, f"{TABLE}.laenge_mm", row),
        width_mm=number(content, f"{TABLE}.breite_mm", row),
        height_mm=number(content, f"{TABLE}.hoehe_mm", row),
        weight_g=number(content, f"{TABLE}.gewicht_g", row),
    )


def text(content: Content, field: str, row: str | None = None) -> str:
    """Empty if it was not answered."""
    found = [
        answer.text for answer in content.answers if (answer.field, answer.row) == (field, row)
    ]
    return found[0] if found else ""


def number(content: Content, field: str, row: str | None = None) -> int | None:
    """None if it was not answered, or in another version of the form not by a whole number."""
    said = text(content, field, row)
    return int(said) if said.removeprefix("-").isdecimal() else None
