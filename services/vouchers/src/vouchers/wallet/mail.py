"""Mails about vouchers that were earned or revoked (VO-34, Q7, Q27)."""

from vouchers.campaign.terms import uses_per_user
from vouchers.customer.decider import is_lent
from vouchers.mail_link.links import Link, Links
from vouchers.wallet.cancellation_words import cancelled
from vouchers.wallet.grace_mail import about_grace
from vouchers.wallet.issued import last_day_of
from vouchers.wallet.sender_lines import by, signature
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    VoucherGraceGranted,
    VoucherIssued,
    VoucherRevoked,
)
from zugabe_events.domain.calendar import BERLIN, german_date
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.mail import Mail, paragraphs, salutation
from zugabe_events.domain.money import euros, percentage
from zugabe_events.domain.policy import ReceivedEvent


def render(received: ReceivedEvent, links: Links) -> Mail | None:
    match received.event:
        case VoucherIssued(recipient=recipient) as issued if (
            not issued.terms.newsletter and recipient and recipient.email
        ):
            return about_issued(issued, recipient, links)
        case VoucherRevoked(recipient=recipient) as revoked if recipient and recipient.email:
            return about_revoked(revoked, recipient)
        case VoucherGraceGranted(recipient=recipient) as granted if recipient and recipient.email:
            return about_grace(granted, recipient)
        case _:
            return None


def about_issued(issued: VoucherIssued, recipient: Person, links: Links) -> Mail:
    """Advertising to somebody who has bought: it says how to object (X-22)."""
    ordered = issued.placed_at.astimezone(BERLIN)
    objection = links.url(Link("objection", issued.dealer, issued.user))
    return Mail(
        to=recipient.email,
        subject=f"Ihr Aktionsgutschein{by(issued.sender)}",
        text=paragraphs(
            salutation(recipient.name, recipient.salutation),
            f"durch Ihre Bestellung {issued.order_number} am {ordered:%d.%m.%Y} um "
            f"{ordered:%H:%M} Uhr erhalten Sie einen Aktionsgutschein. {effect_of(issued.terms)}",
            *about_voucher(issued),
            *signature(issued.sender),
            "Sie erhalten diese E-Mail, weil Sie bei uns bestellt haben. Der Verwendung Ihrer "
            "E-Mail-Adresse für Werbung können Sie jederzeit widersprechen, ohne dass hierfür "
            "andere als die Übermittlungskosten nach den Basistarifen entstehen. Gutscheine zeigt "
            f"Ihnen dann nur noch der Shop:\n{objection}",
        ),
        unsubscribe=objection,
    )


def about_revoked(revoked: VoucherRevoked, recipient: Person) -> Mail:
    """It is about the order that was cancelled, and no advertising."""
    earned_by = (
        f"Ihre Bestellung {revoked.order_number}, durch die Sie den Gutscheincode {revoked.code}"
        if revoked.order_number and revoked.code
        else "die Bestellung, durch die Sie einen Aktionsgutschein"
    )
    return Mail(
        to=recipient.email,
        subject=f"Ihr Aktionsgutschein{by(revoked.sender)} ist nicht mehr gültig",
        text=paragraphs(
            salutation(recipient.name, recipient.salutation),
            f"{earned_by} erhalten haben, wurde {cancelled(by_return=revoked.by_return)}. Der "
            "Gutschein ist deshalb nicht mehr gültig.",
            *signature(revoked.sender),
        ),
    )


def about_voucher(issued: VoucherIssued) -> list[str]:
    terms = issued.terms
    minimum = (
        [f"Der Mindestbestellwert beträgt {euros(terms.minimum_cents)} netto."]
        if terms.minimum_cents
        else []
    )
    validity = (
        f"Sie können diesen Gutschein bis zum {german_date(last_day_of(issued))} für alle von "
        "dieser Aktion umfassten Artikel einlösen."
    )
    return [
        f"Ihr Gutscheincode: {issued.code}",
        " ".join([validity, *minimum]),
        " ".join(uses_of(terms, issued.customer)),
    ]


def effect_of(terms: CampaignTerms) -> str:
    match terms.discount_type:
        case "free-shipping":
            effect = "entfallen die Versandkosten bei Ihrem nächsten Einkauf"
        case "fixed":
            effect = f"sparen Sie {euros(terms.value)} netto bei Ihrem nächsten Einkauf"
        case "percent":
            effect = f"sparen Sie {percentage(terms.value)} bei Ihrem nächsten Einkauf"
    return f"Durch Verwendung des Gutscheins {effect}."


def uses_of(terms: CampaignTerms, customer: str) -> list[str]:
    """Without a limit per customer its sentence is left out (Q27).

    So it is if the code is only the user's (Q6).
    """
    by_user, by_customer = uses_per_user(terms), terms.max_per_customer
    often = "beliebig oft" if by_user is None else f"insgesamt {thousands(by_user)} Mal"
    sentences = [f"Dieser Gutschein kann {often} verwendet werden!"]
    if by_customer is not None and is_lent(terms, customer):
        sentences.append(
            f"Dieser Gutschein kann insgesamt {thousands(by_customer)} Mal in Ihrem Unternehmen "
            "verwendet werden!"
        )
    return sentences
