"""The mails of vouchers, with the links that they have."""

from vouchers.mail_link.links import Links
from vouchers.newsletter import mail as newsletter_mail
from vouchers.wallet import mail as wallet_mail
from zugabe_events.domain.mail import Mail, Mails
from zugabe_events.domain.policy import ReceivedEvent


def mails_of(links: Links | None) -> Mails:
    """Without links nothing is sent: a mail that cannot be ended may not begin (X-21, X-22)."""

    def render(received: ReceivedEvent) -> Mail | None:
        if links is None:
            return None
        return newsletter_mail.render(received, links) or wallet_mail.render(received, links)

    return Mails(name="vouchers.mails", topics=("vouchers",), render=render)
