"""The German names of phases, and of what a phase still needs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from zugabe_events.contracts.onboarding import Phase


class Needed(Protocol):
    """Something that a phase still needs, as events and read models have it."""

    @property
    def requirement(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def count(self) -> int: ...


PHASES: Mapping[Phase, str] = {
    "organisation": "Organisation",
    "content": "Content",
    "logistics": "Logistik",
    "live": "Livesetzung",
}


REQUIREMENTS: Mapping[str, str] = {
    "form:releases": "Plattformfreigaben: die beiden Formulare zu Ihrer Marke",
    "form:contacts": "Kontaktübersicht: Ihre Ansprechpartner",
    "form:data-models": "Datenmodell: die benötigten Produkttypen",
    "form:warehouse": "Lagerinformationen: die geplanten durchschnittlichen Lagerbestände",
    "form:customer-service": "Informationen für den Kundenservice",
    "warehouse": "Auswahl des Lagers",
    "articles": "Registrierung der Artikel",
    "texts": "Text-Content der Artikel",
    "images": "Bild-Content der Artikel",
    "goods-receipt": "erster Wareneingang",
    "release": "mindestens eine erteilte Plattformfreigabe",
    "live-articles": "Livesetzung der Artikel",
    "reporting": "Reporting und Datenlinks",
    "data-model": "Datenmodell",
    "precondition:brand-registration": "Markenregistrierung",
    "precondition:administrators": "Administratorenrechte für unsere beiden E-Mail-Adressen",
}


MOST_SUBJECTS = 10
"""So many platforms or product types are named; the others are counted."""


def named(requirement: str) -> str:
    return REQUIREMENTS.get(requirement, requirement)


def told(missing: Iterable[Needed]) -> Sequence[str]:
    """One line for each requirement, with what it is about or how many they are."""
    by_requirement: dict[str, list[Needed]] = {}
    for one in missing:
        by_requirement.setdefault(one.requirement, []).append(one)
    return [line(requirement, those) for requirement, those in by_requirement.items()]


def line(requirement: str, those: Sequence[Needed]) -> str:
    subjects = [one.subject for one in those if one.subject]
    count = sum(one.count for one in those)
    if not subjects:
        return named(requirement) + (f" ({count} fehlen)" if count > 1 else "")
    more = len(subjects) - MOST_SUBJECTS
    listed = ", ".join(subjects[:MOST_SUBJECTS])
    return f"{named(requirement)}: {listed}" + (f" und {more} weitere" if more > 0 else "")
