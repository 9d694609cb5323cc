"""The texts of consent to a newsletter. A version that was shown never changes (X-21)."""

from collections.abc import Mapping

from vouchers.advertising.sender import Sender
from zugabe_events.domain.errors import RefusedError

TEXTS: Mapping[int, str] = {
    1: "Ja, ich möchte den Newsletter{sender} mit Angeboten und Gutscheinen per E-Mail erhalten. "
    "Ich kann mich jederzeit über den Link am Ende jeder E-Mail wieder abmelden.",
}
LATEST = max(TEXTS)


class ConsentOutdatedError(RefusedError):
    """The person agreed to a text that is not asked for any more."""

    code = "consent-outdated"

    def __init__(self) -> None:
        super().__init__(
            "Der Text der Einwilligung hat sich geändert. Bitte lesen Sie ihn erneut.",
            text_version=LATEST,
        )


def consent(version: int, sender: Sender) -> str:
    """The text in its latest version. Raises ConsentOutdatedError for any other."""
    if version != LATEST:
        raise ConsentOutdatedError
    return TEXTS[version].format(sender=f" von {sender.name}" if sender and sender.name else "")
