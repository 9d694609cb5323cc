"""German labels of the codes that people read: phases, requirements, platforms."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from zugabe_events.contracts.onboarding import Missing, Phase
from zugabe_events.domain.german_numbers import thousands


class RequirementLike(Protocol):
    """A requirement that is not met, in the shape of an event or of a read model."""

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
    "form:releases": "Plattformfreigaben: die beiden Formulare zur Marke",
    "form:contacts": "Kontaktübersicht: die Ansprechpartner",
    "form:data-models": "Datenmodell: die benötigten Produkttypen",
    "form:warehouse": "Lagerinformationen: die geplanten durchschnittlichen Lagerbestände",
    "form:customer-service": "Informationen für den Kundenservice",
    "warehouse": "Auswahl des Lagers",
    "articles": "Registrierung der Artikel",
    "texts": "Text-Content der Artikel",
    "images": "Bild-Content der Artikel",
    "goods-receipt": "Erster Wareneingang",
    "release": "Mindestens eine erteilte Plattformfreigabe",
    "live-articles": "Livesetzung der Artikel",
    "reporting": "Reporting und Datenlinks",
    "data-model": "Datenmodell",
    "precondition:brand-registration": "Markenregistrierung",
    "precondition:administrators": "Administratorenrechte für unsere beiden E-Mail-Adressen",
}

RELEASE_FORMS: Mapping[str, str] = {
    "marken-und-vertrieb": "Marken- und Vertriebsinformationen",
    "plattformauswahl": "Plattformauswahl",
}
"""The two forms of the releases (ON-16)."""

PLURALS: Mapping[str, str] = {"data-model": "Datenmodelle"}
"""Labels of requirements with several subjects, where they differ."""

BY_ARTICLES: Mapping[str, str] = {"texts": "Text-Content", "images": "Bild-Content"}
"""Requirements whose count is a number of articles."""

PLATFORMS: Mapping[str, str] = {
    "about-you": "About You",
    "amazon": "Amazon",
    "amazon-de": "Amazon.de",
    "amazon-eu": "Amazon EU",
    "bol-com": "bol.com",
    "breuninger": "Breuninger",
    "ebay": "eBay",
    "galeria": "Galeria",
    "kaufland": "Kaufland",
    "otto": "Otto",
    "peek-cloppenburg": "Peek & Cloppenburg",
    "zalando": "Zalando",
}

MAX_SUBJECTS = 10
"""Of more platforms or product types than this the rest is counted."""

NO_LABELS: Mapping[str, str] = MappingProxyType({})


def platform_label(platform: str) -> str:
    """The platform's name; its id in capitalised words if it is not among the shipped ones."""
    return PLATFORMS.get(platform, platform.replace("-", " ").title())


def requirement_label(requirement: str) -> str:
    return REQUIREMENTS.get(requirement, requirement.removeprefix("precondition:"))


def requirement_lines(
    missing: Iterable[RequirementLike], product_types: Mapping[str, str] = NO_LABELS
) -> Sequence[str]:
    """A line for each requirement, with its subjects or their number.

    `product_types` are labels by id.
    """
    by_requirement: dict[str, list[RequirementLike]] = {}
    for needed in missing:
        by_requirement.setdefault(needed.requirement, []).append(needed)
    return [
        requirement_line(requirement, several, product_types)
        for requirement, several in by_requirement.items()
    ]


def requirement_line(
    requirement: str,
    missing: Sequence[RequirementLike],
    product_types: Mapping[str, str] = NO_LABELS,
) -> str:
    label = requirement_label(requirement)
    if requirement == "form:releases":
        return label_of_releases(missing, label)
    subjects = [
        product_types.get(needed.subject, needed.subject)
        if requirement == "data-model"
        else platform_label(needed.subject)
        for needed in missing
        if needed.subject
    ]
    if subjects:
        label = PLURALS.get(requirement, label) if len(subjects) > 1 else label
        return f"{label}: {enumerated(subjects)}"
    if requirement in BY_ARTICLES:
        return f"{BY_ARTICLES[requirement]} für {articles(sum(needed.count for needed in missing))}"
    return label


def label_of_releases(missing: Sequence[RequirementLike], both: str) -> str:
    """Names the one form that is missing, if it is one (D10)."""
    forms = [RELEASE_FORMS[needed.subject] for needed in missing if needed.subject in RELEASE_FORMS]
    return f"Plattformfreigaben: das Formular „{forms[0]}“ zur Marke" if forms else both


def described(missing: Missing, product_types: Mapping[str, str] = NO_LABELS) -> dict[str, str]:
    return {
        "requirement": missing.requirement,
        "owner": missing.owner,
        "subject": missing.subject,
        "count": str(missing.count),
        "detail": requirement_line(missing.requirement, [missing], product_types),
    }


def articles(count: int) -> str:
    return "einen Artikel" if count == 1 else f"{thousands(count)} Artikel"


def enumerated(names: Sequence[str]) -> str:
    """All names if one more than MAX_SUBJECTS at most: „und 1 weitere“ would be longer."""
    if len(names) <= MAX_SUBJECTS + 1:
        return ", ".join(names)
    return f"{', '.join(names[:MAX_SUBJECTS])} und {len(names) - MAX_SUBJECTS} weitere"
