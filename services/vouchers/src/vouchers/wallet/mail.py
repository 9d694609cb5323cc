"""Mails about vouchers that were earned or revoked (VO-34, Q7, Q27)."""

from vouchers.campaign.terms import uses_per_user
from vouchers.wallet.issued import last_day_of
from zugabe_events.contracts.vouchers import CampaignTerms, VoucherIssued, VoucherRevoked
from zugabe_events.domain.calendar import BERLIN, german_date
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.mail import Mail, Mails, paragraphs, salutation
from zugabe_events.domain.money import euros, percentage
from zugabe_events.domain.policy import ReceivedEvent


def render(received: ReceivedEvent) -> Mail | None:
    match received.event:
        case VoucherIssued(recipient=recipient) as issued if recipient and recipient.email:
            return Mail(
                to=recipient.email,
                subject="Ihr Aktionsgutschein",
                text=paragraphs(salutation(recipient.name), *about(issued)),
            )
        case VoucherRevoked(recipient=recipient) if recipient and recipient.email:
            return Mail(
                to=recipient.email,
                subject="Ihr Aktionsgutschein ist nicht mehr gültig",
                text=paragraphs(
                    salutation(recipient.name),
                    "die Bestellung, durch die Sie einen Aktionsgutschein erhalten haben, wurde "
                    "storniert. Der Gutschein ist deshalb nicht mehr gültig.",
                ),
            )
        case _:
            return None


def about(issued: VoucherIssued) -> list[str]:
    ordered, terms = issued.placed_at.astimezone(BERLIN), issued.terms
    return [
        f"durch Ihre Bestellung {issued.order_number} am {ordered:%d.%m.%Y} um {ordered:%H:%M} Uhr "
        f"erhalten Sie einen Aktionsgutschein. {effect_of(terms)}",
        f"Ihr Gutscheincode: {issued.code}",
        f"Sie können diesen Gutschein bis zum {german_date(last_day_of(issued))} für alle "
        "Artikel dieser Aktion einlösen.",
        " ".join(uses_of(terms)),
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


def uses_of(terms: CampaignTerms) -> list[str]:
    """Without a limit per customer its sentence is left out (Q27)."""
    by_user, by_customer = uses_per_user(terms), terms.max_per_customer
    often = "beliebig oft" if by_user is None else f"insgesamt {by_user} Mal"
    sentences = [f"Dieser Gutschein kann {often} verwendet werden!"]
    if by_customer is not None:
        sentences.append(
            f"Dieser Gutschein kann insgesamt {thousands(by_customer)} Mal in Ihrem Unternehmen "
            "verwendet werden!"
        )
    return sentences


MAILS = Mails(name="vouchers.mails", topics=("vouchers",), render=render)
