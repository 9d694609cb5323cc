"""Numbers as Germans write them."""


def thousands(number: int) -> str:
    """A whole number with dots between thousands, such as `1.234.567`."""
    return f"{number:,}".replace(",", ".")
