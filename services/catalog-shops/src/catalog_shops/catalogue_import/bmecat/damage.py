"""The place and the cause of damage from which a file cannot be read on."""

from zugabe_events.domain.errors import InvalidError

REASONS = {
    "no element found": "sie endet zu früh",
    "unclosed token": "sie endet zu früh",
    "unclosed CDATA section": "sie endet zu früh",
    "mismatched tag": "ein Element ist nicht oder falsch geschlossen",
    "not well-formed (invalid token)": "ein Zeichen ist nicht erlaubt oder nicht in der Kodierung, "
    "die die Datei angibt",
    "unknown encoding": "die angegebene Zeichenkodierung ist nicht möglich",
    "partial character": "ein Zeichen ist unvollständig",
    "duplicate attribute": "ein Attribut steht zweimal in einem Element",
    "undefined entity": "eine Abkürzung (&…;) ist nicht erklärt",
    "junk after document element": "hinter dem Ende steht noch etwas",
}


class DamagedFileError(InvalidError):
    """The file cannot be read on from a line; what came before it was read."""

    code = "catalogue-damaged"

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(
            f"Die Datei ist in Zeile {line}, Spalte {column} nicht mehr lesbar: {reason}.",
            line=line,
            column=column,
        )
