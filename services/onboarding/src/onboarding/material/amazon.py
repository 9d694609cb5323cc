"""Instructions for going live on Amazon (ON-20 to ON-22)."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from zugabe_events.domain.email_address import is_deliverable

AMAZON = "amazon"
REGISTRY = "https://brandregistry.amazon.de"
ADMINISTRATOR_COUNT = 2


def are_administrators(text: str) -> str:
    named = administrators_of(text)
    if len({*named}) != ADMINISTRATOR_COUNT or not all(map(is_deliverable, named)):
        raise ValueError("two different e-mail addresses with a comma between")
    return text


Administrators = Annotated[str, AfterValidator(are_administrators)]


@dataclass(frozen=True, slots=True)
class AmazonHint:
    """`administrators` get rights in the portal; they are configuration, and may be missing."""

    lines: tuple[str, ...]
    registry_url: str
    administrators: tuple[str, ...]


def amazon_hint(registry_url: str, administrators: str | None) -> AmazonHint:
    named = administrators_of(administrators) if administrators else ()
    addresses = " ".join(f"{number}. {address}" for number, address in enumerate(named, 1))
    portal = (
        f"Bitte hinterlegen Sie diese beiden E-Mail-Adressen: {addresses}"
        if named
        else "Die beiden E-Mail-Adressen dafür nennt Ihnen Ihr Customer Success Manager."
    )
    return AmazonHint(
        (
            "Für eine Livesetzung auf Amazon ist eine vorherige Markenregistrierung erforderlich.",
            "Sollte Ihre Marke noch nicht auf Amazon registriert sein, registrieren Sie sie bitte "
            f"zunächst unter {registry_url}.",
            "In dem Portal können Sie uns anschließend Administratorenrechte geben, damit wir Ihre "
            f"Marke auf Amazon verwalten dürfen. {portal}",
        ),
        registry_url,
        named,
    )


def administrators_of(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))
