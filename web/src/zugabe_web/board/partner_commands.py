"""Commands of a manager on a partner, by the last part of the page's address."""

from collections.abc import Mapping
from typing import Any

from zugabe_web.board.brand_commands import reason
from zugabe_web.board.commands import Command, Fields


def text(fields: Fields, name: str) -> str:
    return fields.get(name, "").strip()


def person(fields: Fields, kind: str) -> dict[str, str]:
    return {kind: text(fields, kind), "name": text(fields, "name"), "email": text(fields, "email")}


def opened(fields: Fields) -> dict[str, Any]:
    contact = {
        "contact_id": text(fields, "contact_id") or "ansprechpartner",
        "name": text(fields, "contact_name"),
        "email": text(fields, "email"),
    }
    return {"name": text(fields, "name"), "contact": contact}


def new_link(fields: Fields) -> dict[str, Any]:
    """Without a name, the contact stays who they are."""
    if not text(fields, "name") and not text(fields, "email"):
        return {}
    return {"contact": person(fields, "contact_id")}


def named(fields: Fields) -> dict[str, str]:
    return {"name": text(fields, "name")}


OPEN = Command("PUT", "/partners/{partner}", "Das Onboarding ist vorbereitet.", opened)

PARTNER_COMMANDS: Mapping[str, Command] = {
    "betreuung": Command(
        "PUT",
        "/manager",
        "Der Customer Success Manager ist zugeordnet.",
        lambda fields: person(fields, "manager_id"),
    ),
    "marke": Command("PUT", "/brands/{brand}", "Die Marke ist aufgenommen.", named),
    "willkommen": Command("POST", "/welcome", "Die Willkommensmail ist unterwegs.", sure=True),
    "link": Command("POST", "/link", "Ein neuer Link ist unterwegs.", new_link, sure=True),
    "links-sperren": Command(
        "DELETE", "/link", "Alle Links und Sitzungen des Kontakts sind gesperrt.", sure=True
    ),
    "name": Command("PUT", "/name", "Der Name ist berichtigt.", named),
    "pause": Command("POST", "/pause", "Das Onboarding ist unterbrochen.", reason),
    "fortsetzung": Command("POST", "/resumption", "Das Onboarding läuft weiter."),
    "ende": Command("POST", "/closure", "Das Onboarding ist beendet.", reason, sure=True),
}
