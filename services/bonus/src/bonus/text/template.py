"""Texts with placeholders, filled in with what a dealer's programme says (BO-41)."""

import re
from collections.abc import Mapping

from bonus.programme.points import points_text
from zugabe_events.contracts.bonus import ProgrammeTerms, TextKind
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros

PLACEHOLDERS = ("Händler", "Punkte", "Punktwert", "Tage")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

TITLES: Mapping[TextKind, str] = {
    "terms": "Allgemeine Geschäftsbedingungen",
    "privacy": "Datenschutzvereinbarung",
    "participation": "Teilnahmebedingungen",
}

USUAL: Mapping[TextKind, str] = {
    "terms": "Es gelten die Allgemeinen Geschäftsbedingungen, unter denen {Händler} verkauft.",
    "privacy": (
        "{Händler} speichert zum Bonusprogramm, welche Bestellungen Punkte gebracht haben, wofür "
        "sie eingelöst wurden und wann Sie diesen Texten zugestimmt haben. Diese Angaben dienen "
        "nur dem Bonusprogramm. Mit der Abmeldung werden Ihre Punkte gelöscht."
    ),
    "participation": (
        "Das Bonusprogramm bietet {Händler} an. Für jeden vollen Euro Nettowarenwert "
        "einer Position erhalten Sie {Punkte}. Ein Punkt ist {Punktwert} wert. {Tage} "
        "Ausgeschlossene Warengruppen und Artikel bringen keine Punkte. Punkte werden gegen "
        "Prämien eingelöst, nicht ausgezahlt und nicht übertragen. Für stornierte oder "
        "zurückgesandte Ware werden sie zurückgebucht. Endet das Programm, können Sie Ihre Punkte "
        "bis zum Ende des folgenden Jahres einlösen. Sie können sich jederzeit abmelden; Ihre "
        "Punkte verfallen dann."
    ),
}
"""The texts that apply until the dealer publishes some of their own.

The dealer is the subject of sentences, for without a name they are "Ihr Händler".
"""


MAX_PLACEHOLDERS = 200
MAX_QUOTED = 40


def check_placeholders(body: str) -> None:
    """Raise InvalidError for placeholders that nothing fills in, and for too many of them.

    Everybody may read the texts, and what is filled in can be much longer than its placeholder.
    """
    if len(PLACEHOLDER.findall(body)) > MAX_PLACEHOLDERS:
        raise InvalidError(
            f"Ein Text hat höchstens {MAX_PLACEHOLDERS} Platzhalter.", code="placeholders-too-many"
        )
    unknown = sorted({name for name in PLACEHOLDER.findall(body) if name not in PLACEHOLDERS})
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise InvalidError(
            f"„{{{unknown[0][:MAX_QUOTED]}}}“ ist kein Platzhalter. Es gibt: {known}.",
            code="placeholder-unknown",
        )


def filled(body: str, dealer_name: str, terms: ProgrammeTerms) -> str:
    values = {
        "Händler": dealer_name,
        "Punkte": points_text(terms.points_per_euro),
        "Punktwert": euros(terms.point_value_cents),
        "Tage": active_text(terms.pending_days),
    }
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body)


def active_text(days: int) -> str:
    match days:
        case 0:
            return "Punkte können sofort eingelöst werden."
        case 1:
            return "Punkte können 1 Tag nach der Bestellung eingelöst werden."
        case _:
            return f"Punkte können {thousands(days)} Tage nach der Bestellung eingelöst werden."
