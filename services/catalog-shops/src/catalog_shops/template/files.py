"""Templates of import files, and the description of their columns, made from what is read."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from catalog_shops.catalogue_import.columns import COLUMNS, GIFT_TITLES, REQUIRED
from catalog_shops.shop.assortment_file import ARTICLE, TITLES
from catalog_shops.template.assortment import MEANINGS
from zugabe_events.tables.templates import Template, TemplateFormat

ASSORTMENT_FILE = "Importvorlage_Themen- und Markenshop"
CATALOGUE_FILE = "Excelvorlage für Datenimport"
FORMATS_FILE = "Importformate"

MEDIA_TYPES: Mapping[TemplateFormat, str] = {
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

DESCRIPTION_TITLES = ("Vorlage", "Spalte", "Pflicht", "Inhalt", "Beispiel")


class TemplateFile(NamedTuple):
    """A file to download; `purpose` says in German what it is for."""

    stem: str
    form: TemplateFormat
    purpose: str

    @property
    def name(self) -> str:
        return f"{self.stem}.{self.form}"


PURPOSES = {
    ASSORTMENT_FILE: "Sortiment und Topartikel eines Marken- oder Themenshops",
    CATALOGUE_FILE: "Artikel, Preise und Dankeschönartikel",
    FORMATS_FILE: "Beschreibung der Spalten beider Vorlagen",
}

FORMS: tuple[TemplateFormat, ...] = ("xls", "xlsx")

FILES: Mapping[str, TemplateFile] = {
    file.name: file
    for stem, purpose in PURPOSES.items()
    for file in (TemplateFile(stem, form, purpose) for form in FORMS)
}
"""Files by their names."""


@lru_cache(maxsize=len(FILES))
def content_of(file: TemplateFile) -> bytes:
    """Takes a moment: call it in a thread."""
    return TEMPLATES[file.stem].file(file.form)


def assortment_template() -> Template:
    return Template("Sortiment", TITLES, texts=(ARTICLE,))


def catalogue_template() -> Template:
    """Without examples, so that nothing is imported that nobody has entered."""
    texts = [column.title for column in COLUMNS if column.kind == "text"]
    return Template("Artikel", [column.title for column in COLUMNS], texts=texts)


def description() -> Template:
    """A row for each column."""
    assortment = [(ASSORTMENT_FILE, title, "Spalte", *MEANINGS[title]) for title in TITLES]
    catalogue = [
        (CATALOGUE_FILE, column.title, necessity(column.title), column.meaning, column.example)
        for column in COLUMNS
    ]
    return Template(
        "Importformate", DESCRIPTION_TITLES, [*assortment, *catalogue], DESCRIPTION_TITLES
    )


def necessity(title: str) -> str:
    """Say in German whether a column, and its cells, must not be missing."""
    if title in REQUIRED["some-articles"]:
        return "Spalte und Angabe"
    if title in GIFT_TITLES:
        return "Spalte bei Dankeschönartikeln"
    return "nein"


TEMPLATES: Mapping[str, Template] = {
    ASSORTMENT_FILE: assortment_template(),
    CATALOGUE_FILE: catalogue_template(),
    FORMATS_FILE: description(),
}
