"""A mail as plain text and as HTML from the same blocks; everything in it is escaped.

Nothing is loaded from anywhere: no images, no styles, no scripts. Sealed texts are one word each
and go through unchanged; the kernel opens, and for HTML escapes, them at sending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from zugabe_events.contracts.onboarding import Contact
from zugabe_events.domain.mail import Mail, salutation
from zugabe_events.encryption.sealed_text import SEALED


@dataclass(frozen=True, slots=True)
class Points:
    """A list, one line each."""

    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lines:
    """A text whose line ends mean something, such as an address."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


type Block = str | Points | Lines | Link

ASK = "Bei Rückfragen melden Sie sich gern bei Ihrem Customer Success Manager."
ENTRY = "Zu Ihrem Onboarding"
GREETING = "Viele Grüße\nIhr Customer Success Team"

STYLE = "font-family: sans-serif; line-height: 1.4; max-width: 40em"


def letter(
    to: str, subject: str, name: str, *blocks: Block, beside: tuple[str, ...] = ()
) -> Mail | None:
    """None without an address."""
    if not to:
        return None
    whole: list[Block] = [salutation(name), *blocks, Lines(GREETING)]
    return Mail(
        to=to,
        subject=subject,
        text="\n\n".join(map(plain, whole)) + "\n",
        html=page("\n".join(map(marked_up, whole))),
        beside=beside,
    )


def entry(contact: Contact) -> tuple[Link, ...]:
    """The contact's personal link, for mails that send them to their onboarding (ON-11).

    None in events from before contacts had one.
    """
    return (Link(ENTRY, contact.link),) if contact.link else ()


def plain(block: Block) -> str:
    match block:
        case str():
            return block
        case Lines(text):
            return text.strip()
        case Points(points):
            return "\n".join(f"- {point}" for point in points)
        case Link(label, url):
            return f"{label}:\n{url}"


def marked_up(block: Block) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Lines(text):
            return f"<p>{escape(text.strip()).replace('\n', '<br>\n')}</p>"
        case Points(points):
            items = "\n".join(f"<li>{escape(point)}</li>" for point in points)
            return f"<ul>\n{items}\n</ul>"
        case Link(label, url) if is_followed(url):
            return f'<p><a href="{escape(url)}">{escape(label)}</a></p>'
        case Link(label, url):
            return f"<p>{escape(label)}: {escape(url)}</p>"


def is_followed(url: str) -> bool:
    """A sealed one is a link of ours."""
    return url.startswith("https://") or SEALED.fullmatch(url) is not None


def page(body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="de">\n<head><meta charset="utf-8"></head>\n'
        f'<body style="{STYLE}">\n{body}\n</body>\n</html>\n'
    )
