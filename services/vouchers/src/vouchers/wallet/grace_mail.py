"""Mail about a use that came back after the end of its campaign (X-2)."""

from vouchers.wallet.cancellation_words import cancelled
from vouchers.wallet.sender_lines import by, signature
from zugabe_events.contracts.checkout import Person
from zugabe_events.contracts.vouchers import VoucherGraceGranted
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.mail import Mail, paragraphs, salutation


def about_grace(granted: VoucherGraceGranted, recipient: Person) -> Mail:
    """It is about the order that was cancelled, and no advertising."""
    return Mail(
        to=recipient.email,
        subject=f"Ihr Gutschein{by(granted.sender)} gilt wieder",
        text=paragraphs(
            salutation(recipient.name, recipient.salutation),
            f"Ihre Bestellung {granted.order_number}, bei der Sie den Gutscheincode "
            f"{granted.code} verwendet haben, wurde {cancelled(by_return=granted.by_return)}. Die "
            f"Aktion „{granted.title}“ ist inzwischen beendet.",
            f"Sie können Ihren Gutschein trotzdem noch bis zum {german_date(granted.usable_until)} "
            "einmal verwenden.",
            *signature(granted.sender),
        ),
    )
