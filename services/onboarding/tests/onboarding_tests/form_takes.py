"""Values that routes about forms accept: drafts are incomplete, and definitions have defaults."""

from collections.abc import Mapping

OF_THE_LOG = {"token": ("garbage", "bytes", "negative", "too many", "9,000 digits")}
"""Routes that read the log itself show everything, whatever tokens say."""


UNSAID = ("missing", "null", "empty")
UNNUMBERED, UNWRITTEN = (*UNSAID, "digits"), (*UNSAID, "blank")
VERSION = {"body.version": ("missing", "null")}
TEXT = ("missing", "empty", "blank")
SIZES = ("menge", "laenge_mm", "breite_mm", "hoehe_mm")
CELLS = "body.tables.bestaende.0.answers"

DRAFT_OF_CONTACTS = {
    **VERSION,
    **dict.fromkeys(("body.answers", "body.tables", "body.tables.ansprechpartner"), ("missing",)),
    **{
        f"body.tables.ansprechpartner.0.answers.{one}": UNWRITTEN
        for one in ("abteilung", "name", "email")
    },
}
"""A draft need not be complete."""

DRAFT_OF_STOCK = {
    **VERSION,
    **dict.fromkeys(("body.answers", "body.tables", "body.tables.bestaende"), ("missing",)),
    **dict.fromkeys(("body.answers.bestand", "body.answers.artikel"), UNNUMBERED),
    **dict.fromkeys(("body.answers.haengeware", "body.answers.gefahrgut"), ("missing", "null")),
    f"{CELLS}.warengruppe": UNWRITTEN,
    **{f"{CELLS}.{one}": UNNUMBERED for one in SIZES},
}
STOCK_IN_DIGITS = {
    **VERSION,
    **dict.fromkeys(("body.answers.bestand", "body.answers.artikel"), ("digits",)),
    **{f"{CELLS}.{one}": ("digits",) for one in SIZES},
}
"""Numbers may be written as texts."""


def column_takes(where: str) -> Mapping[str, tuple[str, ...]]:
    return {
        f"{where}.help": TEXT,
        f"{where}.required": ("missing",),
        f"{where}.personal": ("missing",),
        f"{where}.choice_ids": ("missing",),
        f"{where}.web_address": ("missing",),
        f"{where}.not_past": ("missing",),
        **{
            f"{where}.{one}": ("missing", "null")
            for one in ("least", "most", "only_if", "only_if_choice", "at_least")
        },
    }


DEFINITION_TAKES = {
    "body.introduction": TEXT,
    "body.fields": ("missing",),
    "body.tables": ("missing",),
    "body.tables.0.help": TEXT,
    "body.tables.0.least_rows": ("missing",),
    "body.tables.0.most_rows": ("missing",),
    **column_takes("body.fields.0"),
    **column_takes("body.tables.0.columns.0"),
}
