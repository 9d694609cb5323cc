"""The price of a line and its reasons, in German (N-4)."""

from collections.abc import Iterable, Iterator

from zugabe_events.contracts.checkout import OrderLine
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros
from zugabe_events.domain.prices import german_amount


def explained(lines: Iterable[OrderLine]) -> Iterator[str]:
    """A sentence for each line that the catalogue has priced; the one rounding is said (X-34)."""
    for line in lines:
        if (said := line.from_catalogue) is not None:
            unit = f" je {thousands(said.price_quantity)}" if said.price_quantity > 1 else ""
            agreed = "vereinbart " if line.price_source == "agreed" else ""
            amount, parts = said.price_amount.as_integer_ratio()
            is_exact = amount * line.quantity * 100 == line.net_cents * parts * said.price_quantity
            rounded = "" if is_exact else ", kaufmännisch gerundet"
            yield (
                f"{thousands(line.quantity)} × {said.name} "
                f"({agreed}{german_amount(said.price_amount)}{unit}): "
                f"{euros(line.net_cents)}{rounded}."
            )
