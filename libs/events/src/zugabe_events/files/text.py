"""Text and CSV: characters without control codes, which are no page and no script."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from zugabe_events.files.refusals import another_type

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PROGRAM = re.compile(r"\ufeff?\s*(<[a-z!?/]|#!|{\\rtf)", re.IGNORECASE)
"""Beginnings of pages, pictures and scripts that are text themselves."""


def check_text(content: bytes) -> None:
    """Raises FileRefusedError."""
    text = decoded(content)
    if not content or CONTROL.search(text) or PROGRAM.match(text):
        raise another_type()


def decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, or what Windows writes in Germany."""
    encoding = "utf-16" if content.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
