"""X-38: CSV in every way people save it; what cannot be told for sure is refused with its line."""

import csv
import io
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from zugabe_events.domain.formula_text import protected
from zugabe_events.domain.visible_text import trimmed
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.table import Row, RowError, open_table

HEAD = "Name;Ort\r\n"
STRAY = "In dieser Zeile passt ein Anführungszeichen nicht."
OPEN = "Ein Anführungszeichen in dieser Zeile wird nicht geschlossen."


def rows_of(content: bytes | str, *titles: str, **others: Any) -> list[Row]:
    content = content.encode() if isinstance(content, str) else content
    return list(open_table(content, titles or ("Name", "Ort"), **others))


def cells_of(content: bytes | str) -> list[tuple[str, ...]]:
    return [tuple(row.cells.values()) for row in rows_of(content)]


def refused(content: bytes) -> TableError:
    with pytest.raises(TableError) as caught:
        rows_of(content)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_delimiters_and_ends_of_lines_are_told_by_the_text(
    encoding: str, delimiter: str, end: str
) -> None:
    """X-38: T8 and T9"""
    lines = ["Name;Ort", "Müller & Söhne – Köln;Straße „Süd“", "Größe;5 €"]
    content = end.join(lines).replace(";", delimiter).encode(encoding)
    assert cells_of(content) == [("Müller & Söhne – Köln", "Straße „Süd“"), ("Größe", "5 €")]


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_other_encodings_are_read_if_only_they_make_sense(encoding: str) -> None:
    """X-38: T9"""
    text = HEAD + "Müller;Straße\r\nÜberlicht;Köln\r\nRöder;Bär\r\n"
    assert cells_of(text.encode(encoding))[0] == ("Müller", "Straße")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEAD.encode() + b"x;y\r\nB\x9acker;x\r\n", 3),
        (HEAD.encode() + b"\x8arger;x\r\n", 2),
        (HEAD.encode() + b"\x8d;x\r\n", 2),
        (HEAD.encode() + b"x;y\r\nM\x9fller;M\xfcller\r\n", 3),
    ],
)
def test_an_encoding_that_is_not_sure_is_refused_with_its_line(content: bytes, line: int) -> None:
    """X-38: T9"""
    error = refused(content)
    assert error.code == "table-encoding"
    assert f"Zeile {line} enthält Zeichen, deren Kodierung nicht sicher ist" in error.detail


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_line_of_another_encoding_is_named(mark: bytes) -> None:
    """X-38: T9"""
    lines = [HEAD, *["Müller;Köln\r\n"] * 50]
    content = mark + "".join(lines).encode() + "Café;x\r\n".encode("latin-1")
    assert refused(content).detail.startswith("Zeile 52 ist anders kodiert als der Rest")


WORDS = """
    Bäcker Köln Straße Überlicht Ärmel Öl für Größe Café crème Señor Å Håkon Ørsted naïve
    5€ „Süd“ ‚nah‘ – … l’été 20°C m² ½ Škoda® «gut» µm §5
    """.split()  # noqa: SIM905


@examples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_windows_1252_is_never_taken_for_something_else(words: list[str]) -> None:
    """X-38: T9: it is read, or refused if a word alone could be two."""
    text = HEAD + f"Müller;{' '.join(words)}\r\n"
    assert cells_of(text.encode("cp1252")) == [("Müller", " ".join(words))]


def test_capitals_in_odd_places_do_not_make_windows_1252_doubtful() -> None:
    """X-38: T9"""
    words = ["BioÖl", *(word for word in WORDS if not word.isascii())]
    content = (HEAD + "".join(f"{word};x\r\n" for word in words)).encode("cp1252")
    assert cells_of(content) == [(word, "x") for word in words]


def test_texts_whose_umlauts_were_destroyed_before_are_wrong_cells() -> None:
    """X-38: T9"""
    [row] = rows_of((HEAD + "MÃ¼ller;5 â‚¬\r\n").encode())
    assert [(error.column, "zerstört" in error.reason) for error in row.wrong] == [
        ("Name", True),
        ("Ort", True),
    ]


@pytest.mark.parametrize(
    "first", ["sep=;\r\n", '"sep=;"\r\n', "SEP=; \r\n", "\r\n \r\n;\r\n", "Unsere Marken;\r\n\r\n"]
)
def test_what_stands_above_the_header_is_passed_over(first: str) -> None:
    """X-38: T8"""
    assert cells_of(first + HEAD + "x;y\r\n") == [("x", "y")]


def test_the_first_line_may_name_a_rare_delimiter() -> None:
    """X-38: T8"""
    assert cells_of("sep=^\r\nName^Ort\r\nx^y;z\r\n") == [("x", "y;z")]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (['"Profi" Werkzeuge;x'], {2: STRAY}),
        (['"Profi;x'], {2: OPEN}),
        (['"Profi;x', "b;y", "c;z"], {2: OPEN}),
        (['"Profi;x', '"b";"y"', "c;z"], {2: STRAY}),
        (['"Profi;x', "b;y", 'c";z', "d;w"], {2: OPEN}),
        (['"Profi;x', 'c";z'], {2: OPEN}),
        (["a;b", "zu;viele;Zellen", "c;d"], {3: "mehr Zellen als die Kopfzeile"}),
    ],
)
def test_a_quote_that_does_not_fit_makes_one_row_wrong(
    lines: Sequence[str], wrong: dict[int, str]
) -> None:
    """X-38: T11"""
    rows = rows_of(HEAD + "\r\n".join(lines))
    assert [row.line for row in rows] == list(range(2, len(lines) + 2))
    for row in rows:
        reasons = [error.reason for error in row.wrong]
        assert len(reasons) == (row.line in wrong)
        assert all(wrong[row.line] in reason for reason in reasons)


def test_quotes_within_a_text_and_lines_within_a_cell_are_no_mistakes() -> None:
    """X-38: T11"""
    content = HEAD + 'Rohr 3/4";"Nr. ""5"""\r\n"erste\r\nzweite; dritte";x\r\nc;"a\r\n\r\nb"\r\n'
    assert cells_of(content) == [
        ('Rohr 3/4"', 'Nr. "5"'),
        ("erste\r\nzweite; dritte", "x"),
        ("c", "a\r\n\r\nb"),
    ]
    assert [row.line for row in rows_of(content)] == [2, 3, 5]


def test_a_cell_longer_than_a_cell_may_be_is_wrong_and_no_others() -> None:
    """X-38: T1"""
    limits = Limits(max_cell_characters=10)
    long, other = rows_of(f"{HEAD}{'x' * 11};y\r\na;b\r\n", limits=limits)
    assert long.cells == {"Ort": "y"}
    assert long.wrong == (RowError(2, "Name", "Der Text ist zu lang, höchstens 10 Zeichen."),)
    assert other.cells == {"Name": "a", "Ort": "b"}
    [huge, after] = rows_of(f'{HEAD}"{"x" * 200_000}";y\r\na;b\r\n')
    assert huge.wrong == (RowError(2, "", "In dieser Zeile ist ein Text zu lang."),)
    assert after.cells == {"Name": "a", "Ort": "b"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("4.00638E+12", "verkürzt"),
        ("4,00638E+12", "verkürzt"),
        ("1E+05", "verkürzt"),
        ("#N/A", "Fehler #N/A"),
        ("#NV", "Fehler #NV"),
        ("#BEZUG!", "Fehler #BEZUG!"),
        ("########", "Fehler ########"),
    ],
)
def test_what_excel_could_not_show_is_a_wrong_cell(text: str, sentence: str) -> None:
    """X-38: T4 and T10"""
    [row] = rows_of(f"{HEAD}{text};y")
    assert [(error.column, sentence in error.reason) for error in row.wrong] == [("Name", True)]


@pytest.mark.parametrize("text", ["0017", "1E10", "#5", "E+10", "+49 221", "-Zange", "= Waage"])
def test_leading_zeros_and_signs_are_kept(text: str) -> None:
    """X-38: T10 and T12"""
    assert cells_of(f"{HEAD}{text};y") == [(text, "y")]


@pytest.mark.parametrize(
    ("written", "text"),
    [("'=Waage", "=Waage"), ("''=Waage", "'=Waage"), ("'n Abend", "'n Abend"), ('="0017"', "0017")],
)
def test_one_protecting_apostrophe_is_taken_off(written: str, text: str) -> None:
    """X-38: T12"""
    assert cells_of(f"{HEAD}{written};y") == [(text, "y")]


@pytest.mark.parametrize("content", ["Name;Ort\r\n", "Name;Ort", "Name;Ort\r\n;\r\n \r\n"])
def test_a_header_alone_has_no_rows_and_no_mistakes(content: str) -> None:
    """X-38: T3: an untouched template."""
    assert rows_of(content) == []


def test_rows_with_values_in_other_columns_only_are_told() -> None:
    """X-38: T3: a file with rows never has none without a word."""
    with pytest.raises(TableError, match="Unter „Name“, „Ort“ steht kein Wert") as caught:
        rows_of("Name;Ort;Bemerkung\r\n;;Hallo\r\n")
    assert caught.value.code == "table-without-values"


SAFE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="ÂÃâ#\0\r\n"), max_size=12
).map(trimmed)
GERMAN = st.text("abcäöüßÄÖÜ –€,;|'=+-@ \"", max_size=12).map(str.strip)
SHORTENED = ("E+", "E-", "e+", "e-")


def written(rows: Sequence[Sequence[str]], encoding: str, **dialect: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows([["Name", "Ort"], *rows])
    return text.getvalue().encode(encoding)


@settings(max_examples=150, deadline=None)
@examples(
    st.lists(st.tuples(SAFE, SAFE), max_size=10),
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_in_any_dialect_is_what_is_read(
    rows: list[tuple[str, str]], delimiter: str, end: str, quoting: Any, encoding: str
) -> None:
    """X-38: T8, T9 and T12"""
    rows = [row for row in rows if not any(sign in text for text in row for sign in SHORTENED)]
    content = written(
        [[*map(protected, row)] for row in rows],
        encoding,
        delimiter=delimiter,
        lineterminator=end,
        quoting=quoting,
    )
    assert cells_of(content) == [row for row in rows if any(row)]


@settings(max_examples=100, deadline=None)
@examples(st.lists(st.tuples(GERMAN, GERMAN), min_size=1, max_size=10))
def test_german_texts_in_windows_1252_are_read_as_they_are_or_refused(
    rows: list[tuple[str, str]],
) -> None:
    """X-38: T9: never as something else."""
    content = written([[*map(protected, row)] for row in rows], "cp1252", delimiter=";")
    assume("\ufffd" in content.decode(errors="replace") or content.isascii())
    try:
        read = cells_of(content)
    except TableError as error:
        code = error.code
    else:
        code = "table-encoding"
        assert read == [row for row in rows if any(row)]
    assert code == "table-encoding"


def test_a_large_file_is_read_row_by_row() -> None:
    """X-38: its rows need no more memory than one of them."""
    names = random.Random(7)
    lines = [f"{names.random()};{line}" for line in range(100_000)]
    content = (HEAD + "\r\n".join(lines)).encode()
    limits = Limits(max_rows=100_000)
    table = open_table(content, ("Ort",), limits=limits)
    assert [int(row.cells["Ort"]) for row in table] == list(range(100_000))
    assert next(iter(table)).line == 2, "and once more from the beginning"


def test_rows_that_say_nothing_are_many_but_not_millions() -> None:
    """S14: ten megabytes of empty lines took minutes."""
    few = Limits(max_rows=1)
    content = (HEAD + "\r\n" * 90_000 + "Papier;Bonn").encode()
    assert [row.line for row in rows_of(content, limits=few)] == [90_002]
    for nothing in (b"\n", b";;\n", b" ; \r\n"):
        with pytest.raises(TableError) as caught:
            rows_of(HEAD.encode() + nothing * 110_000, limits=few)
        assert caught.value.code == "table-too-long"
