"""Mails of the phases, from the welcome to the day a brand is live."""

from onboarding.labels import platform_label
from onboarding.mail.letter import ASK, ENTRY, Lines, Link, Points, entry, letter
from zugabe_events.contracts.onboarding import (
    BrandOpened,
    BrandWentLive,
    ContactReplaced,
    DeliveryDisclosed,
    LinkSent,
    PartnerWelcomed,
    PhaseStarted,
)
from zugabe_events.domain.mail import Mail
from zugabe_events.encryption.sealed_text import person_of

STEPS = (
    "Plattformfreigaben: zwei Formulare zu jeder Marke",
    "Kontaktübersicht",
    "Datenmodell",
    "Lagerinformationen",
    "Informationen für unseren Kundenservice",
)


STEPS_OF_BRAND = ("Plattformfreigaben", "Datenmodell", "Lagerinformationen")


MATERIAL = (
    "Alle nötigen Informationen zu dieser Phase, Erklärvideos und Guides finden Sie ab sofort in "
    "Ihrem Onboarding."
)


NOTES = (
    "Sollten Sie die beiden Formulare zu den Plattformfreigaben schon während der "
    "Vertriebsgespräche ausgefüllt haben, ist ein erneutes Ausfüllen natürlich nicht erforderlich.",
    "Für den Fall, dass Sie mehrere Marken anbinden möchten, würden wir Sie bitten, für jede Marke "
    "ein gesondertes Formular zu befüllen.",
)


def welcome(event: PartnerWelcomed, organisation: str) -> Mail | None:
    """ON-2, ON-3, ON-12, ON-14, ON-17, ON-18"""
    manager = event.manager
    return letter(
        event.contact.email,
        "Herzlich willkommen: Ihr Onboarding beginnt",
        event.contact.name,
        f"herzlich willkommen bei {organisation}. Wir freuen uns sehr, dass wir nun offiziell mit "
        "Ihnen den Onboardingprozess starten können.",
        "In den nächsten Wochen leiten wir Sie durch unsere vier Prozessschritte (Organisation, "
        "Content, Logistik und Livesetzung), die während des Onboardings nacheinander "
        "abzuarbeiten sind.",
        "Nun kann’s losgehen! Als Erstes starten wir mit der Onboardingphase Organisation. Hier "
        "müssen Sie zu Beginn einige organisatorische Themen bearbeiten:",
        Points(STEPS),
        "Bitte beachten Sie:",
        *NOTES,
        "Formulare, Dokumente und ein Erklärvideo zum Ablauf des Onboardings finden Sie hier. Der "
        "Link ist persönlich; bitte geben Sie ihn nicht weiter.",
        Link(ENTRY, event.link),
        "Bei Rückfragen melden Sie sich gern bei Ihrem Customer Success Manager:",
        Lines(f"{manager.name}\n{manager.email}"),
        beside=(person_of("central", manager.manager_id),),
    )


def new_link(event: LinkSent) -> Mail | None:
    if event.sent_at is not None and event.sent_at > event.issued_at:
        return letter(
            event.contact.email,
            "Ihr Link zum Onboarding",
            event.contact.name,
            "auf der Seite Ihres Onboardings wurde darum gebeten, Ihnen den Link noch einmal zu "
            "senden. Mit diesem persönlichen Link erreichen Sie es; er ist derselbe wie zuletzt. "
            "Waren Sie das nicht selbst, müssen Sie nichts tun.",
            Link(ENTRY, event.link),
        )
    told = "Unsere Mails zum Onboarding gehen ab jetzt an diese Adresse."
    return letter(
        event.contact.email,
        "Ihr neuer Link zum Onboarding",
        event.contact.name,
        *((told,) if event.new_address else ()),
        "mit diesem persönlichen Link erreichen Sie Ihr Onboarding. Links, die Sie früher von uns "
        "erhalten haben, gelten nicht mehr.",
        Link(ENTRY, event.link),
    )


def replaced(event: ContactReplaced) -> Mail | None:
    """To the address before. Another contact is not named to the one whose place they take."""
    same = event.before.contact_id == event.contact.contact_id
    return letter(
        event.before.email,
        "Unsere Mails zum Onboarding gehen ab jetzt an eine andere Adresse",
        event.before.name,
        f"für das Onboarding von {event.partner_name} ist ab jetzt "
        f"{'eine andere E-Mail-Adresse von Ihnen' if same else 'eine andere Person'} hinterlegt. "
        "An diese Adresse schreiben wir nicht mehr, und Ihr bisheriger Link gilt nicht mehr.",
        "Haben Sie diese Änderung nicht erwartet? Dann melden Sie sich bitte umgehend bei Ihrem "
        "Customer Success Manager.",
    )


def joined(event: BrandOpened) -> Mail | None:
    """ON-18: also a later brand has forms of its own."""
    return letter(
        event.contact.email,
        f"{event.name}: Die Organisationsphase beginnt",
        event.contact.name,
        f"auch Ihre Marke {event.name} nimmt nun am Onboarding teil. Wir starten mit der "
        "Onboardingphase Organisation. Bitte bearbeiten Sie diese Themen für die Marke gesondert:",
        Points(STEPS_OF_BRAND),
        "Formulare und Dokumente finden Sie in Ihrem Onboarding.",
        *entry(event.contact),
        ASK,
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
        *entry(event.contact),
        ASK,
    )


def delivery(event: DeliveryDisclosed) -> Mail | None:
    """ON-6, ON-31: the first mail that names the address, and one for each change of it, which
    says so and no more."""
    why = (
        f"für die Anlieferung zu Ihrer Marke {event.brand_name} hat sich etwas geändert. Bitte "
        "liefern Sie ab jetzt nach diesen Angaben."
        if event.again
        else f"der Content Ihrer Marke {event.brand_name} ist im PIM-System verfügbar. Damit sind "
        "wir in der Lage, Ihre Ware im Lager zu empfangen, und kümmern uns gemeinsam um die "
        "Initiallieferung."
    )
    return letter(
        event.contact.email,
        f"{event.brand_name}: {'Neue ' if event.again else ''}Lageradresse und Anlieferbedingungen",
        event.contact.name,
        why,
        f"Ihre Ware geht an dieses Lager: {event.warehouse_name}",
        Lines(event.address),
        "Die Anlieferbedingungen:",
        Lines(event.conditions),
        *(() if event.again else (MATERIAL,)),
        *entry(event.contact),
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
        *entry(event.contact),
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
        Points([platform_label(platform) for platform in event.platforms]),
        "Wir freuen uns auf die Zusammenarbeit.",
    )
