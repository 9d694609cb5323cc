"""Requirements on graphics by their use (CS-28, CS-41, BO-26, Q23)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zugabe_events.contracts.catalog_shops import GraphicPurpose
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_numbers import thousands

KB = 1_024

MAX_HEIGHT = 8_000
"""Pixels. The few kilobytes of a higher picture may fill the memory of every buyer's browser."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is German, with its article. The height is variable, up to what browsers can bear."""

    name: str
    max_bytes: int
    max_width: int
    exact_width: bool = False
    max_height: int = MAX_HEIGHT


type GraphicUse = GraphicPurpose | Literal["bonus-banner"]
"""The uses of a graphic. Banners of the bonus programme are stored as banners (BO-26)."""

RULES: Mapping[GraphicUse, Rule] = {
    "banner": Rule("Ein Banner", 200 * KB, 690, exact_width=True),
    "bonus-banner": Rule("Ein Banner für Bonuspunkte", 200 * KB, 966, exact_width=True),
    "logo": Rule("Ein Logo", 200 * KB, 690),
    "article": Rule("Ein Artikelbild", 2 * KB * KB, 4_000, max_height=4_000),
}

MAX_BYTES = max(rule.max_bytes for rule in RULES.values())


class GraphicTooLargeError(InvalidError):
    """It has too many bytes."""

    code = "graphic-too-large"

    def __init__(self, rule: Rule, size_bytes: int) -> None:
        super().__init__(
            f"{rule.name} darf höchstens {rule.max_bytes // KB} KB groß sein; "
            f"diese Grafik hat {-(-size_bytes // KB)} KB.",
            max_bytes=rule.max_bytes,
            size_bytes=size_bytes,
        )


class GraphicWidthError(InvalidError):
    code = "graphic-width"

    def __init__(self, rule: Rule, width: int) -> None:
        must = "muss genau" if rule.exact_width else "darf höchstens"
        super().__init__(
            f"{rule.name} {must} {thousands(rule.max_width)} Pixel breit sein; diese Grafik ist "
            f"{thousands(width)} Pixel breit.",
            width=width,
            max_width=rule.max_width,
        )


class GraphicHeightError(InvalidError):
    code = "graphic-height"

    def __init__(self, rule: Rule, max_height: int, height: int) -> None:
        super().__init__(
            f"{rule.name} darf höchstens {thousands(max_height)} Pixel hoch sein; diese Grafik ist "
            f"{thousands(height)} Pixel hoch.",
            height=height,
            max_height=max_height,
        )


def purpose_of(use: GraphicUse) -> GraphicPurpose:
    return "banner" if use == "bonus-banner" else use


def check_graphic(use: GraphicUse, width: int, height: int, size_bytes: int) -> None:
    """Raise the first refusal that applies."""
    rule = RULES[use]
    if size_bytes > rule.max_bytes:
        raise GraphicTooLargeError(rule, size_bytes)
    if width > rule.max_width or (rule.exact_width and width != rule.max_width):
        raise GraphicWidthError(rule, width)
    if height > rule.max_height:
        raise GraphicHeightError(rule, rule.max_height, height)
