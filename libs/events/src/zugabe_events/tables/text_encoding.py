"""The encoding of a text. Where it is not certain, the text is refused, naming the first line."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from typing import Literal

from zugabe_events.tables.errors import TableError, quoted
from zugabe_events.tables.source import Source

type Verdict = Literal["good", "doubtful", "wrong"]

MAX_LINE_CHARACTERS = 5_000_000
MAX_WORDS = 10_000
MAX_ODD_SHARE = 0.1
"""Names of products have capitals in odd places; most words have not."""

WORD = re.compile("[A-Za-z\x80-\xff]{0,20}[\x80-\xff][A-Za-z\x80-\xff]{0,20}")

WINDOWS, OTHERS = "cp1252", ("mac_roman", "cp850")
COMMON_LETTERS = frozenset("äöüßÄÖÜéèêëáàâãåçñóòôõíìîïúùûøæÉÈÊÁÀÂÅÇÑÓÔØÆµªº")
GERMAN_LETTERS = COMMON_LETTERS - set("ãõîïìòëªº")
BETWEEN_LETTERS = frozenset("’–—…·\u00ad\u00a0&/")
AFTER_LETTERS = BETWEEN_LETTERS | frozenset("®™©²³°‘“”»«›‹!€")
BEFORE_LETTERS = frozenset("„“”‚‘’»«›‹–—•·°\u00a0¿¡©®")
SYMBOLS = AFTER_LETTERS | BEFORE_LETTERS | frozenset("§±×÷¼½¾¹£¥¢")


def encoding_of(source: Source) -> str:
    """Read the whole text once. Raise TableError."""
    head = source.head(4)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise TableError("Die Datei ist als UTF-32 gespeichert. Bitte als CSV UTF-8 speichern.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    bytes_read = Bytes()
    for number, line in enumerate(lines_of(source, "latin-1"), 1):
        if not line.isascii():
            bytes_read.add(number, line)
        if "\0" in line:
            raise TableError("Die Datei ist weder eine Textdatei (CSV) noch eine Excel-Datei.")
    return bytes_read.encoding(has_mark=head.startswith(codecs.BOM_UTF8))


def lines_of(source: Source, encoding: str) -> Iterator[str]:
    """Lines with their ends, which may be those of any system."""
    with TextIOWrapper(source.open(), encoding, newline="") as text:
        number = 1
        while line := text.readline(MAX_LINE_CHARACTERS):
            if len(line) == MAX_LINE_CHARACTERS:
                raise TableError(f"Zeile {number} ist zu lang.")
            yield line
            number += 1


class Bytes:
    """Counts what is UTF-8 beyond ASCII and what is not, and keeps words with such bytes."""

    def __init__(self) -> None:
        self._valid = self._invalid = self._first_invalid = 0
        self._words: dict[str, int] = {}

    def add(self, number: int, line: str) -> None:
        text = line.encode("latin-1").decode("utf-8", "surrogateescape")
        invalid = sum("\udc80" <= sign <= "\udcff" for sign in text)
        self._valid += sum(not sign.isascii() for sign in text) - invalid
        if invalid:
            self._first_invalid = self._first_invalid or number
        self._invalid += invalid
        if len(self._words) < MAX_WORDS:
            for word in WORD.findall(line):
                self._words.setdefault(word, number)

    def encoding(self, *, has_mark: bool) -> str:
        if not self._invalid:
            return "utf-8-sig"
        if has_mark or self._valid >= self._invalid:
            raise TableError(
                f"Zeile {self._first_invalid} ist anders kodiert als der Rest der Datei (UTF-8). "
                "Bitte die Datei als CSV UTF-8 speichern.",
                code="table-encoding",
            )
        return legacy_encoding(self._words)


def legacy_encoding(words: Mapping[str, int]) -> str:
    """The encoding of one byte per character in which these words make sense; their lines are
    the values. Raise TableError if that is not certain."""
    odd = {word: found for word in words if (found := verdict(word, WINDOWS)) != "good"}
    others = [Counter(verdict(word, encoding) for word in words) for encoding in OTHERS]
    tolerated = len(words) * MAX_ODD_SHARE
    possible = [
        (encoding, verdicts)
        for encoding, verdicts in zip(OTHERS, others, strict=True)
        if verdicts["wrong"] <= tolerated
    ]
    is_windows = Counter(odd.values())["wrong"] <= tolerated
    if not odd or (is_windows and not possible):
        return WINDOWS
    if not is_windows and len(possible) == 1:
        [(encoding, verdicts)] = possible
        are_words = all(
            has_letters(word, encoding) for word, found in odd.items() if found == "wrong"
        )
        if len(words) - verdicts["good"] <= tolerated and are_words:
            return encoding
    word = next(iter(odd))
    raise TableError(
        f"Zeile {words[word]} enthält Zeichen, deren Kodierung nicht sicher ist "
        f"({quoted([readable(word)])}). Bitte die Datei als CSV UTF-8 speichern.",
        code="table-encoding",
    )


def verdict(word: str, encoding: str) -> Verdict:
    try:
        text = word.encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        return "wrong"
    usual = SYMBOLS | (COMMON_LETTERS if encoding == WINDOWS else GERMAN_LETTERS)
    found: Verdict = "good"
    for at, sign in enumerate(text):
        if sign.isascii():
            continue
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if not is_possible(sign, before, after):
            return "wrong"
        if sign not in usual or (sign in "€…" and after.isalpha()):
            found = "doubtful"
    return found


def is_possible(sign: str, before: str, after: str) -> bool:
    """False for a capital within a word, and for a symbol in a place where no one writes it."""
    if sign.isalpha() and sign != "ƒ":
        return not (sign.isupper() and before.isalpha() and (before.islower() or after.islower()))
    if before.isalpha() and after.isalpha():
        return sign in BETWEEN_LETTERS or sign in "€…"
    if before.isalpha():
        return sign in AFTER_LETTERS
    return not after.isalpha() or sign in BEFORE_LETTERS or sign in "€…"


def has_letters(word: str, encoding: str) -> bool:
    text = word.encode("latin-1").decode(encoding, "replace")
    return any(sign.isalpha() and not sign.isascii() for sign in text)


def readable(word: str) -> str:
    return word.encode("latin-1").decode(WINDOWS, "replace")
