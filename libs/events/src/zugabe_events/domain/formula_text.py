"""Text that a spreadsheet might evaluate, and the apostrophe that protects it in CSV."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """True for text that a spreadsheet might evaluate."""
    return text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)


def protected(text: str) -> str:
    """Put an apostrophe before a formula, and before apostrophes that are its own."""
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def unprotected(text: str) -> str:
    """Take off the one apostrophe that `protected` has put there."""
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text
