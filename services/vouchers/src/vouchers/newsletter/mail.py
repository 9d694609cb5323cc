"""Mails about the newsletter: the link that confirms it, and the voucher for it (VO-38, X-21)."""

from vouchers.mail_link.links import Link, Links
from vouchers.newsletter.decider import CONFIRMATION_TTL
from vouchers.wallet.mail import about_voucher, effect_of
from vouchers.wallet.sender_lines import by, signature
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import NewsletterSubscriptionRequested, VoucherIssued
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.mail import Mail, paragraphs, salutation
from zugabe_events.domain.policy import ReceivedEvent


def render(received: ReceivedEvent, links: Links) -> Mail | None:
    match received.event:
        case NewsletterSubscriptionRequested() as requested if requested.subscriber.email:
            return about_request(requested, links)
        case VoucherIssued(recipient=recipient) as issued if (
            issued.terms.newsletter and recipient and recipient.email
        ):
            return about_issued(issued, recipient, links)
        case _:
            return None


def about_request(requested: NewsletterSubscriptionRequested, links: Links) -> Mail:
    """No advertising: nobody has agreed to any yet."""
    person, dealer, user = requested.subscriber, requested.dealer, requested.user
    last = german_date(day_of(requested.requested_at + CONFIRMATION_TTL))
    return Mail(
        to=person.email,
        subject=f"Bitte bestätigen Sie Ihre Anmeldung zum Newsletter{by(requested.sender)}",
        text=paragraphs(
            salutation(person.name, person.salutation),
            "bitte bestätigen Sie Ihre Anmeldung zum Newsletter über diesen Link:\n"
            + links.url(Link("confirmation", dealer, user, requested.number)),
            f"Er gilt bis zum {last}. Sie haben zugestimmt:\n„{requested.text}“",
            "Haben Sie sich nicht angemeldet, müssen Sie nichts tun: Ohne Ihre Bestätigung "
            "erhalten Sie keinen Newsletter. Ihre Anmeldung können Sie hier zurückziehen:\n"
            + links.url(Link("unsubscription", dealer, user)),
            *signature(requested.sender),
        ),
        unsubscribe=links.url(Link("unsubscription", dealer, user)),
    )


def about_issued(issued: VoucherIssued, recipient: Person, links: Links) -> Mail:
    ending = links.url(Link("unsubscription", issued.dealer, issued.user))
    return Mail(
        to=recipient.email,
        subject=f"Ihr Aktionsgutschein{by(issued.sender)}",
        text=paragraphs(
            salutation(recipient.name, recipient.salutation),
            "durch Ihre Anmeldung zu unserem Newsletter erhalten Sie einen Aktionsgutschein. "
            f"{effect_of(issued.terms)}",
            *about_voucher(issued),
            *signature(issued.sender),
            "Möchten Sie unseren Newsletter nicht mehr erhalten, können Sie sich jederzeit "
            f"abmelden:\n{ending}",
        ),
        unsubscribe=ending,
    )
