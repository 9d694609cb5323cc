"""Names in sentences as German has them."""

from collections.abc import Sequence

from zugabe_events.domain.german_numbers import thousands

MAX_NAMED = 3
"""Names in a sentence; of others it says only how many there are."""


def enumerated(names: Sequence[str], others: str) -> str:
    """Names in quotes; `others` is how German says "further" here."""
    quoted = [f"„{name}“" for name in names]
    if len(quoted) > MAX_NAMED + 1:
        quoted = [*quoted[:MAX_NAMED], f"{thousands(len(names) - MAX_NAMED)} {others}"]
    *first, last = quoted
    return f"{', '.join(first)} und {last}" if first else last


def of_brands(names: Sequence[str]) -> str:
    """As in "Artikel der Marke …"."""
    return f"der {'Marke' if len(names) == 1 else 'Marken'} {enumerated(names, 'weiterer')}"


def of_groups(names: Sequence[str]) -> str:
    """As in "Artikel aus der Warengruppe …"."""
    noun = "der Warengruppe" if len(names) == 1 else "den Warengruppen"
    return f"aus {noun} {enumerated(names, 'weiteren')}"
