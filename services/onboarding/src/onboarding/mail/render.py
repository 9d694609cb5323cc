"""Every mail of an onboarding: a pure function of the event that it tells of, sent once for it.

What is personal stays sealed until the mail goes out. The words are those of the process
description where it has them.
"""

from onboarding.mail.letter import Lines, Link, Points, letter
from onboarding.mail.words import PHASES, told
from zugabe_events.calendar import german_date
from zugabe_events.contracts.onboarding import (
    BrandWentLive,
    DataModelsRequested,
    DeliveryDisclosed,
    FormSentBack,
    LinkSent,
    PartnerReminded,
    PartnerWelcomed,
    PhaseStarted,
    ReportingSent,
)
from zugabe_events.money import euros
from zugabe_events.outbox import Mail, Mails
from zugabe_events.people.sealed import person_of
from zugabe_events.policies import Heard

STEPS = (
    "Plattformfreigaben",
    "Kontaktübersicht",
    "Datenmodell",
    "Lagerinformationen",
    "Informationen für unseren Kundenservice",
)
ASK = "Bei Rückfragen melden Sie sich gern bei Ihrem Customer Success Manager."
MATERIAL = (
    "Alle nötigen Informationen zu dieser Phase, Erklärvideos und Guides finden Sie ab sofort in "
    "Ihrem Onboarding."
)


def render(heard: Heard) -> Mail | None:  # noqa: C901
    match heard.event:
        case PartnerWelcomed() as event:
            return welcome(event)
        case LinkSent() as event:
            return new_link(event)
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


def welcome(event: PartnerWelcomed) -> Mail | None:
    """ON-2, ON-3, ON-12, ON-14"""
    manager = event.manager
    return letter(
        event.contact.email,
        "Herzlich willkommen: Ihr Onboarding beginnt",
        event.contact.name,
        "herzlich willkommen bei heyconnect. Wir freuen uns sehr, dass wir nun offiziell mit Ihnen "
        "den Onboardingprozess starten können.",
        "In den nächsten Wochen leiten wir Sie durch unsere vier Prozessschritte (Organisation, "
        "Content, Logistik und Livesetzung), die während des Onboardings nacheinander "
        "abzuarbeiten sind.",
        "Nun kann’s losgehen! Als erstes starten wir mit der Onboardingphase Organisation. Hier "
        "müssen Sie zu Beginn einige organisatorische Themen bearbeiten:",
        Points(STEPS),
        "Formulare, Dokumente und ein Erklärvideo zum Ablauf des Onboardings finden Sie hier. Der "
        "Link ist persönlich; bitte geben Sie ihn nicht weiter.",
        Link("Zu Ihrem Onboarding", event.link),
        "Bei Rückfragen melden Sie sich gern bei Ihrem Customer Success Manager:",
        Lines(f"{manager.name}\n{manager.email}"),
        beside=(person_of("central", manager.manager_id),),
    )


def new_link(event: LinkSent) -> Mail | None:
    return letter(
        event.contact.email,
        "Ihr neuer Link zum Onboarding",
        event.contact.name,
        "mit diesem persönlichen Link erreichen Sie Ihr Onboarding. Links, die Sie früher von uns "
        "erhalten haben, gelten nicht mehr.",
        Link("Zu Ihrem Onboarding", event.link),
    )


def content(event: PhaseStarted) -> Mail | None:
    """ON-5, ON-11"""
    return letter(
        event.contact.email,
        f"{event.brand_name}: Die Contentphase beginnt",
        event.contact.name,
        f"die organisatorischen Themen zu Ihrer Marke {event.brand_name} sind erledigt. Wir läuten "
        "deshalb die Contentphase ein.",
        "In der Contentphase kümmern wir uns gemeinsam um die Erstellung von plattformkonformem "
        "Text- und Bildcontent in unserem PIM-System. Neben Webinaren und Erklärvideos stellen "
        "wir auch einige Guides bereit, die Sie bei der Contentanlage unterstützen.",
        MATERIAL,
        ASK,
    )


def delivery(event: DeliveryDisclosed) -> Mail | None:
    """ON-6, ON-31: the first mail that names the address."""
    return letter(
        event.contact.email,
        f"{event.brand_name}: Lageradresse und Anlieferbedingungen",
        event.contact.name,
        f"der Content Ihrer Marke {event.brand_name} ist im PIM-System verfügbar. Damit sind wir "
        "in der Lage, Ihre Ware im Lager zu empfangen, und kümmern uns gemeinsam um die "
        "Initiallieferung.",
        f"Die Adresse des Lagers {event.warehouse_name}:",
        Lines(event.address),
        "Die Anlieferbedingungen:",
        Lines(event.conditions),
        MATERIAL,
        ASK,
    )


def going_live(event: PhaseStarted) -> Mail | None:
    """ON-8, ON-9"""
    return letter(
        event.contact.email,
        f"{event.brand_name}: Die Livesetzung beginnt",
        event.contact.name,
        f"Text- und Bild-Content Ihrer Marke {event.brand_name} sind angelegt, und wir haben den "
        "ersten Wareneingang von Ihnen erhalten. Der Fokus liegt nun auf der Livesetzung Ihrer "
        "Artikel auf den freigegebenen Plattformen, vollständiger Content vorausgesetzt.",
        "Darüber hinaus senden wir Ihnen in dieser Phase ein Reporting sowie Datenlinks zu.",
        MATERIAL,
        ASK,
    )


def reminder(event: PartnerReminded) -> Mail | None:
    """What he owes himself; nobody is reminded of what others owe."""
    owed = told(one for one in event.missing if one.owner == "partner")
    if not owed:
        return None
    return letter(
        event.contact.email,
        f"{event.brand_name}: Das fehlt uns noch von Ihnen",
        event.contact.name,
        f"damit es mit Ihrer Marke {event.brand_name} in der Phase {PHASES[event.phase]} "
        "weitergehen kann, fehlt uns noch von Ihnen:",
        Points(owed),
        ASK,
    )


def sent_back(event: FormSentBack) -> Mail | None:
    return letter(
        event.contact.email,
        f"Bitte noch einmal ansehen: {event.title}",
        event.contact.name,
        f"vielen Dank für das Formular „{event.title}“. Bevor wir es annehmen können, bitten wir "
        "Sie um eine Änderung:",
        Lines(event.reason),
        "Ihre Angaben sind gespeichert; Sie müssen nichts noch einmal eingeben.",
        ASK,
    )


def data_models(event: DataModelsRequested) -> Mail | None:
    """ON-27, ON-28: to Customer Success."""
    manager = event.recipient
    return letter(
        manager.email,
        f"Fehlende Produkttypen: {event.brand_name}",
        manager.name,
        f"der Partner {event.partner} meldet fehlende Produkttypen für seine Marke "
        f"{event.brand_name}:",
        Points(event.labels),
        f"Die Datenmodelle sind bis zum {german_date(event.due_on)} anzulegen (bis zu 4 Wochen). "
        f"Der Service ist für den Partner {price_of(event)}.",
    )


def price_of(event: DataModelsRequested) -> str:
    return euros(event.price_cents) if event.price_cents else "kostenfrei"


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
        ASK,
    )


def live(event: BrandWentLive) -> Mail | None:
    """ON-10"""
    return letter(
        event.contact.email,
        f"{event.name} ist live",
        event.contact.name,
        f"alle Meilensteine sind erreicht: Wir verkaufen die Artikel Ihrer Marke {event.name} nun "
        "auf diesen Plattformen:",
        Points(event.platforms),
        "Wir freuen uns auf die Zusammenarbeit.",
    )


MAILS = Mails(name="onboarding.mails", hears=("onboarding",), render=render)
