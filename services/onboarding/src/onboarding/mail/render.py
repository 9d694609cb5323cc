"""Every mail of an onboarding: a pure function of the event that it tells of, sent once for it.

What is personal stays sealed until the mail goes out. The words are those of the process
description where it has them.
"""

from functools import partial

from onboarding.labels import PHASES, requirement_lines
from onboarding.mail.letter import ASK, Lines, Link, Points, entry, letter
from onboarding.mail.phase_mails import (
    content,
    delivery,
    going_live,
    joined,
    live,
    new_link,
    replaced,
    welcome,
)
from zugabe_events.contracts.onboarding import (
    BrandOpened,
    BrandWentLive,
    ContactReplaced,
    DataModelsRequested,
    DeliveryDisclosed,
    FormSentBack,
    LinkSent,
    PartnerReminded,
    PartnerWelcomed,
    PhaseStarted,
    ReportingSent,
)
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.mail import Mail, Mails
from zugabe_events.domain.money import euros
from zugabe_events.domain.policy import ReceivedEvent

ORGANISATION = "heyconnect"


def render(received: ReceivedEvent, organisation: str = ORGANISATION) -> Mail | None:  # noqa: C901
    match received.event:
        case PartnerWelcomed() as event:
            return welcome(event, organisation)
        case BrandOpened(after_welcome=True) as event:
            return joined(event)
        case LinkSent() as event:
            return new_link(event)
        case ContactReplaced() as event:
            return replaced(event)
        case PhaseStarted(phase="content") as event:
            return content(event)
        case PhaseStarted(phase="live") as event:
            return going_live(event)
        case DeliveryDisclosed() as event:
            return delivery(event)
        case PartnerReminded() as event:
            return reminder(event)
        case FormSentBack() as event:
            return sent_back(event)
        case DataModelsRequested() as event:
            return data_models(event)
        case ReportingSent() as event:
            return reporting(event)
        case BrandWentLive() as event:
            return live(event)
        case _:
            return None


def reminder(event: PartnerReminded) -> Mail | None:
    """Of what the partner owes; None if all that is missing is owed by others."""
    owed = requirement_lines(lacking for lacking in event.missing if lacking.owner == "partner")
    if not owed:
        return None
    return letter(
        event.contact.email,
        f"{event.brand_name}: Das fehlt uns noch von Ihnen",
        event.contact.name,
        f"damit es mit Ihrer Marke {event.brand_name} in der Phase {PHASES[event.phase]} "
        "weitergehen kann, fehlt uns noch von Ihnen:",
        Points(owed),
        *entry(event.contact),
        ASK,
    )


def sent_back(event: FormSentBack) -> Mail | None:
    """ON-18: a form of one brand says of which."""
    brand = event.brand_name
    return letter(
        event.contact.email,
        f"Bitte noch einmal ansehen: {event.title}{f' ({brand})' if brand else ''}",
        event.contact.name,
        f"vielen Dank für das Formular „{event.title}“{f' zu Ihrer Marke {brand}' if brand else ''}"
        ". Bevor wir es annehmen können, bitten wir Sie um eine Änderung:",
        Lines(event.reason),
        "Ihre Angaben sind gespeichert; Sie müssen nichts noch einmal eingeben.",
        *entry(event.contact),
        ASK,
    )


def data_models(event: DataModelsRequested) -> Mail | None:
    """ON-27, ON-28: to Customer Success."""
    manager, several = event.recipient, len(event.labels) > 1
    types = "fehlen diese Produkttypen" if several else "fehlt dieser Produkttyp"
    models = "Die Datenmodelle sind" if several else "Das Datenmodell ist"
    return letter(
        manager.email,
        f"{'Fehlende Produkttypen' if several else 'Fehlender Produkttyp'}: {event.brand_name}",
        manager.name,
        f"für die Marke {event.brand_name}{of_partner(event)} {types}:",
        Points(event.labels),
        f"{models} bis zum {german_date(event.due_on)} anzulegen (bis zu 4 Wochen). "
        f"{price_of(event)}",
    )


def of_partner(event: DataModelsRequested) -> str:
    return f" von {event.partner_name}" if event.partner_name else ""


def price_of(event: DataModelsRequested) -> str:
    if not event.price_cents:
        return "Der Service ist für den Partner kostenfrei."
    return f"Der Service kostet den Partner {euros(event.price_cents)}."


def reporting(event: ReportingSent) -> Mail | None:
    """ON-9"""
    return letter(
        event.contact.email,
        f"{event.brand_name}: Ihr Reporting und Ihre Datenlinks",
        event.contact.name,
        f"damit Sie bei Ihrer Marke {event.brand_name} jederzeit einen transparenten Einblick in "
        "Ihre Umsätze und Lagermengen haben, erhalten Sie hier Ihr Reporting und Ihre Datenlinks.",
        Link("Reporting", event.reporting_url),
        *(Link(f"Datenlink {number}", url) for number, url in enumerate(event.data_links, 1)),
        "Sie finden beides jederzeit auch in Ihrem Onboarding.",
        *entry(event.contact),
        ASK,
    )


def mails_of(organisation: str) -> Mails:
    """The mail rule of onboarding; `organisation` is the name that welcomes partners."""
    return Mails(
        name="onboarding.mails",
        topics=("onboarding",),
        render=partial(render, organisation=organisation),
    )
