"""The assortment of the demo: an office supplier's articles, in families of variants.

All of it is invented for the demo; prices are net in euro.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

BASIC = ("schwarz", "blau", "rot", "grün")
BRIGHT = (*BASIC, "gelb", "weiß")
PASTEL = ("hellblau", "rosa", "lindgrün", "chamois", "grau")


@dataclass(frozen=True, slots=True)
class Family:
    """Articles that differ in two properties; `extra` euro are added for each second value.

    `price` is for `quantity` pieces; from `bulk` pieces on it is a tenth less.
    """

    prefix: str
    group: str
    brand: str
    name: str
    price: str
    first: Sequence[str]
    second: Sequence[str] = ("",)
    extra: str = "0"
    quantity: int = 1
    bulk: int = 10
    text: str = ""
    reduced: bool = False


@dataclass(frozen=True, slots=True)
class Supply:
    """An article of the demo. `steps` are amounts by the number of pieces they begin with."""

    number: str
    name: str
    text: str
    brand: str
    group: str
    gtin: str
    quantity: int
    steps: Mapping[int, Decimal]
    reduced: bool


GROUPS: Mapping[str, tuple[str, str]] = {
    "ordnen": ("Ordnen & Registrieren", ""),
    "ordner": ("Ordner", "ordnen"),
    "register": ("Register & Trennblätter", "ordnen"),
    "mappen": ("Mappen & Hefter", "ordnen"),
    "ablage": ("Ablage & Archiv", "ordnen"),
    "schreiben": ("Schreiben & Korrigieren", ""),
    "kugelschreiber": ("Kugelschreiber & Gelschreiber", "schreiben"),
    "marker": ("Marker & Textmarker", "schreiben"),
    "bleistifte": ("Bleistifte & Zubehör", "schreiben"),
    "korrektur": ("Korrektur", "schreiben"),
    "papier": ("Papier & Blöcke", ""),
    "kopierpapier": ("Kopierpapier", "papier"),
    "bloecke": ("Blöcke & Hefte", "papier"),
    "haftnotizen": ("Haftnotizen", "papier"),
    "kleben": ("Kleben & Versenden", ""),
    "klebstoffe": ("Klebstoffe & Klebebänder", "kleben"),
    "umschlaege": ("Umschläge & Versandtaschen", "kleben"),
    "kartons": ("Kartons & Füllmaterial", "kleben"),
    "geraete": ("Schreibtisch & Geräte", ""),
    "heften": ("Heften & Lochen", "geraete"),
    "schneiden": ("Schneiden & Messen", "geraete"),
    "rechnen": ("Rechner", "geraete"),
    "technik": ("Toner & Technik", ""),
    "toner": ("Toner & Tinte", "technik"),
    "strom": ("Batterien & Kabel", "technik"),
    "praesentation": ("Präsentation & Planung", ""),
    "tafeln": ("Tafeln & Flipcharts", "praesentation"),
    "kalender": ("Kalender & Planer", "praesentation"),
    "etiketten": ("Etiketten", "kleben"),
    "bewirtung": ("Bewirtung & Hygiene", ""),
    "getraenke": ("Kaffee, Tee & Gebäck", "bewirtung"),
    "hygiene": ("Hygiene & Reinigung", "bewirtung"),
}
"""Name and parent of each product group."""

FAMILIES = (
    Family("ORD", "ordner", "Kranich", "Ordner A4 Kraftpapier, Rücken {1}", "2.79",
           (*BRIGHT, "orange"), ("50 mm", "80 mm"), "0.30", bulk=20,
           text="Mit [b]Griffloch und Kantenschutz[\\b].[br]Zweifach-Hebelmechanik, 70 % Altpapier."),
    Family("ORP", "ordner", "Ordano", "Ordner A4 Kunststoff, Rücken {1}", "3.49",
           (*BRIGHT, "violett", "türkis"), ("52 mm", "75 mm"), "0.40", bulk=20,
           text="Außen abwischbar, mit [b]wechselbarem Rückenschild[\\b]."),
    Family("RIB", "ordner", "Ordano", "Ringbuch A4, {1}", "2.15", BRIGHT, ("2 Ringe", "4 Ringe"), "0.55"),
    Family("REG", "register", "Kranich", "Register A4 Karton, {0}", "1.29",
           ("A bis Z", "1 bis 12", "1 bis 31", "Januar bis Dezember", "5 Farben", "10 Farben")),
    Family("REK", "register", "Ordano", "Register A4 Kunststoff, {0}", "1.89",
           ("A bis Z", "1 bis 12", "1 bis 20", "5 Farben", "10 Farben")),
    Family("TRB", "register", "Kranich", "Trennstreifen, 100 Stück", "1.99", (*PASTEL, "sortiert")),
    Family("SHE", "mappen", "Ordano", "Schnellhefter A4 PP", "0.39", (*BRIGHT, "orange", "violett"), bulk=50),
    Family("SIM", "mappen", "Kranich", "Sammelmappe A4, {1}", "1.95", BRIGHT, ("mit Gummizug", "mit 3 Klappen"), "0.80"),
    Family("SIH", "mappen", "Ordano", "Sichthüllen A4, {0}, {1}", "4.95", ("glatt", "genarbt"),
           ("100 Stück", "250 Stück"), "5.50"),
    Family("PRH", "mappen", "Ordano", "Prospekthüllen A4, {0}, {1}", "3.99", ("glasklar", "genarbt"),
           ("100 Stück", "500 Stück"), "11.00"),
    Family("HAE", "ablage", "Kranich", "Hängemappe, 25 Stück", "17.90", BRIGHT),
    Family("ARC", "ablage", "Kranich", "Archivschachtel, Rücken {0}", "1.79",
           ("65 mm", "80 mm", "100 mm", "150 mm"), bulk=20),
    Family("BRK", "ablage", "Ordano", "Briefkorb A4", "3.49", ("schwarz", "lichtgrau", "blau", "transparent")),
    Family("STS", "ablage", "Ordano", "Stehsammler A4", "2.99", ("schwarz", "lichtgrau", "blau", "rot")),
    Family("KUG", "kugelschreiber", "Tintenfisch", "Kugelschreiber Classic, {1}", "0.79", BASIC,
           ("fein", "mittel"), bulk=50, text="Mit dokumentenechter Mine nach [b]ISO 12757-2[\\b]."),
    Family("GEL", "kugelschreiber", "Tintenfisch", "Gelschreiber Liquid, {1}", "1.69", (*BASIC, "violett", "pink"),
           ("0,4 mm", "0,7 mm"), bulk=12),
    Family("FIN", "kugelschreiber", "Linea", "Fineliner, {1}", "0.95", (*BASIC, "braun", "orange"),
           ("0,3 mm", "0,4 mm", "0,8 mm"), bulk=10),
    Family("KUM", "kugelschreiber", "Tintenfisch", "Großraummine, {1}", "1.10", BASIC, ("fein", "mittel", "breit")),
    Family("TXM", "marker", "Linea", "Textmarker", "0.99", ("gelb", "grün", "orange", "pink", "blau", "türkis"),
           text="Für [b]alle Papiersorten[\\b], auch Fax und Kopie."),
    Family("TXP", "marker", "Linea", "Textmarker Pastell", "1.15", ("vanille", "rosé", "mint", "flieder", "aprikose")),
    Family("PER", "marker", "Tintenfisch", "Permanentmarker, {1}", "1.49", BASIC, ("Rundspitze", "Keilspitze"), "0.20"),
    Family("WBM", "marker", "Tintenfisch", "Whiteboardmarker, {1}", "1.59", BASIC, ("Rundspitze", "Keilspitze"), "0.20"),
    Family("FLM", "marker", "Linea", "Flipchartmarker", "1.39", BASIC),
    Family("BLE", "bleistifte", "Linea", "Bleistift {0}, {1}", "0.45", ("2H", "H", "HB", "B", "2B"),
           ("ohne Radierer", "mit Radierer"), "0.10", bulk=12),
    Family("DRU", "bleistifte", "Linea", "Druckbleistift {1}", "2.49", BASIC, ("0,5 mm", "0,7 mm")),
    Family("MIN", "bleistifte", "Linea", "Feinminen {0}, {1}, 12 Stück", "0.89", ("0,5 mm", "0,7 mm"), ("HB", "B", "2B")),
    Family("RAD", "bleistifte", "Linea", "Radierer {0}", "0.59", ("klein", "groß", "für Tinte")),
    Family("SPI", "bleistifte", "Linea", "Anspitzer {0}", "1.29", ("einfach", "doppelt", "mit Dose")),
    Family("KOR", "korrektur", "Tintenfisch", "Korrekturroller {0}", "1.95", ("4,2 mm", "5 mm", "6 mm", "8,4 mm")),
    Family("KOF", "korrektur", "Tintenfisch", "Korrekturfluid {0}", "1.29", ("20 ml", "40 ml")),
    Family("KOP", "kopierpapier", "Blattwerk", "Kopierpapier A4 {0}, {1}", "4.29",
           ("75 g/m²", "80 g/m²", "90 g/m²"), ("500 Blatt", "2.500 Blatt"), "16.00",
           text="Holzfrei, weiß, [b]FSC-zertifiziert[\\b].[br]Für Laser, Tinte und Kopierer."),
    Family("KO3", "kopierpapier", "Blattwerk", "Kopierpapier A3 {0}, 500 Blatt", "9.49", ("80 g/m²", "90 g/m²", "120 g/m²")),
    Family("RCP", "kopierpapier", "Blattwerk", "Recyclingpapier A4 {0}, {1}", "3.99", ("Weiße 60", "Weiße 80", "Weiße 100"),
           ("500 Blatt", "2.500 Blatt"), "14.50", text="Aus 100 % Altpapier, [b]Blauer Engel[\\b]."),
    Family("FAR", "kopierpapier", "Blattwerk", "Farbpapier A4 80 g/m², 500 Blatt", "8.90", (*PASTEL, "gelb", "orange", "rot")),
    Family("COL", "bloecke", "Blattwerk", "Collegeblock {1}, 80 Blatt", "1.49", ("liniert", "kariert", "blanko"), ("A5", "A4"), "0.60"),
    Family("BRB", "bloecke", "Blattwerk", "Briefblock {1}, 50 Blatt", "1.19", ("liniert", "kariert", "blanko"), ("A5", "A4"), "0.50"),
    Family("NOB", "bloecke", "Nordlicht", "Notizbuch {1}, Hardcover", "7.90", (*BASIC, "grau"), ("A6", "A5", "A4"), "2.50"),
    Family("SCH", "bloecke", "Blattwerk", "Schulheft A4, Lineatur {0}", "0.49", ("21", "22", "25", "26", "27", "28"), bulk=25),
    Family("HAF", "haftnotizen", "Nordlicht", "Haftnotizen {1}, 100 Blatt", "0.79", ("gelb", "rosa", "blau", "grün"),
           ("38 x 51 mm", "76 x 76 mm", "76 x 127 mm"), "0.55", bulk=12),
    Family("IND", "haftnotizen", "Nordlicht", "Index-Haftstreifen, 50 Stück", "1.99", (*BASIC, "gelb", "orange")),
    Family("KLS", "klebstoffe", "Haftfest", "Klebestift {0}", "0.99", ("10 g", "21 g", "40 g"), bulk=12,
           text="Ohne Lösungsmittel, bei [b]30 °C[\\b] auswaschbar."),
    Family("KLB", "klebstoffe", "Haftfest", "Klebefilm {0}, {1}", "0.89", ("kristallklar", "matt", "stark"),
           ("19 mm x 33 m", "15 mm x 66 m"), "0.70", bulk=8),
    Family("PAB", "klebstoffe", "Haftfest", "Packband 50 mm x 66 m, {1}", "2.29", ("braun", "transparent", "weiß"),
           ("PP leise", "PVC"), "0.60", bulk=6),
    Family("AKL", "klebstoffe", "Haftfest", "Alleskleber {0}", "1.79", ("20 g", "35 g", "90 g")),
    Family("UMS", "umschlaege", "Blattwerk", "Briefumschlag {0}, {1}", "29.90",
           ("DIN lang", "C6", "C5", "C4"), ("ohne Fenster", "mit Fenster"), "2.00", quantity=1000, bulk=2000),
    Family("VER", "umschlaege", "Blattwerk", "Versandtasche {0}, {1}", "12.49", ("C5", "B5", "C4", "B4"),
           ("weiß", "braun"), quantity=100, bulk=500),
    Family("LUF", "umschlaege", "Haftfest", "Luftpolstertasche {0}", "19.90", ("A/11", "C/13", "D/14", "F/16", "H/18", "K/20"),
           quantity=100, bulk=300),
    Family("KAR", "kartons", "Haftfest", "Versandkarton {0}", "0.69",
           ("200 x 150 x 90 mm", "300 x 215 x 140 mm", "400 x 300 x 200 mm", "600 x 400 x 300 mm"), bulk=25),
    Family("FUE", "kartons", "Haftfest", "Füllmaterial {0}", "12.90", ("Papier, 120 m", "Luftkissen, 200 m", "Chips, 400 l")),
    Family("HEF", "heften", "Ordano", "Heftgerät bis {1}", "7.90", ("schwarz", "blau", "rot"), ("25 Blatt", "40 Blatt"), "6.00"),
    Family("HEK", "heften", "Ordano", "Heftklammern {0}, 1.000 Stück", "0.65", ("No. 10", "24/6", "26/6", "23/8"), bulk=20),
    Family("LOC", "heften", "Ordano", "Locher bis {1}", "8.90", ("schwarz", "blau", "rot"), ("25 Blatt", "65 Blatt"), "19.00"),
    Family("BUE", "heften", "Kranich", "Büroklammern {0}", "0.89", ("26 mm", "32 mm", "50 mm", "77 mm"), quantity=100, bulk=1000),
    Family("SCR", "heften", "Kranich", "Klemmschrauben {0}", "3.49", ("10 mm", "20 mm", "30 mm"), quantity=100, bulk=500),
    Family("SCE", "schneiden", "Kranich", "Büroschere {0}", "4.49", ("17 cm", "21 cm", "25 cm", "Linkshänder 21 cm")),
    Family("CUT", "schneiden", "Kranich", "Cutter {0}", "2.29", ("9 mm", "18 mm", "25 mm")),
    Family("LIN", "schneiden", "Linea", "Lineal {0}, {1}", "1.19", ("20 cm", "30 cm", "50 cm"), ("Kunststoff", "Aluminium"), "2.80"),
    Family("REC", "rechnen", "Nordlicht", "Tischrechner {0}", "9.90", ("8-stellig", "10-stellig", "12-stellig", "druckend")),
    Family("TON", "toner", "Druckgut", "Toner {0}, {1}", "49.90", ("schwarz", "cyan", "magenta", "gelb"),
           ("1.500 Seiten", "3.000 Seiten", "6.000 Seiten"), "38.00", bulk=5),
    Family("TIN", "toner", "Druckgut", "Tintenpatrone {0}, {1}", "14.90", ("schwarz", "cyan", "magenta", "gelb"),
           ("8 ml", "16 ml"), "9.00", bulk=5),
    Family("BAT", "strom", "Funke", "Batterie {0}, {1}", "2.99", ("AA", "AAA", "C", "D", "9 V"),
           ("2 Stück", "4 Stück", "10 Stück"), "2.60"),
    Family("KAB", "strom", "Funke", "USB-Kabel {0}, {1}", "6.90", ("C auf C", "A auf C", "A auf B"), ("1 m", "2 m"), "2.00"),
    Family("WBT", "tafeln", "Nordlicht", "Whiteboard {0}, {1}", "39.90", ("60 x 45 cm", "90 x 60 cm", "120 x 90 cm", "180 x 120 cm"),
           ("lackiert", "emailliert"), "45.00", bulk=3),
    Family("MAG", "tafeln", "Nordlicht", "Magnete {1}, 10 Stück", "3.99", BRIGHT, ("24 mm", "32 mm"), "1.50"),
    Family("FCP", "tafeln", "Blattwerk", "Flipchartblock {0}, 20 Blatt", "5.90", ("blanko", "kariert", "recycelt")),
    Family("KAL", "kalender", "Nordlicht", "Kalender {0}, {1}", "8.90", ("Wandkalender", "Tischkalender", "Buchkalender"),
           ("2027", "2028"), bulk=5),
    Family("ETI", "etiketten", "Haftfest", "Universaletiketten {0}, {1}", "9.90",
           ("38 x 21 mm", "70 x 37 mm", "105 x 74 mm", "210 x 297 mm"), ("25 Blatt", "100 Blatt"), "16.00"),
    Family("RUE", "etiketten", "Haftfest", "Rückenschilder {1}, 100 Stück", "11.90", (*BRIGHT, "orange"), ("schmal", "breit"), "2.00"),
    Family("KAF", "getraenke", "Morgenrot", "Kaffee {0}, {1}", "8.49", ("gemahlen", "ganze Bohne", "entkoffeiniert"),
           ("500 g", "1.000 g"), "7.00", reduced=True),
    Family("TEE", "getraenke", "Morgenrot", "Tee {0}, 25 Beutel", "2.29",
           ("Darjeeling", "Earl Grey", "Pfefferminze", "Kamille", "Früchte", "Rooibos"), reduced=True),
    Family("GEB", "getraenke", "Morgenrot", "Gebäck {0}, 400 g", "4.99", ("Butterkekse", "Waffeln", "Spekulatius"), reduced=True),
    Family("HAN", "hygiene", "Reinweiß", "Handtuchpapier {0}, {1}", "24.90", ("1-lagig", "2-lagig"), ("3.000 Blatt", "5.000 Blatt"), "9.00"),
    Family("SEI", "hygiene", "Reinweiß", "Seife {0}, {1}", "2.49", ("mild", "Aloe vera", "Zitrone"), ("500 ml", "5 l"), "11.00"),
    Family("REI", "hygiene", "Reinweiß", "Reiniger {0}, 1 l", "3.29", ("Allzweck", "Glas", "Bad", "Küche", "Boden")),
)  # fmt: skip


def supplies() -> Iterator[Supply]:
    """All articles, with numbers such as `ORD-001`; a family's variants are numbered."""
    serial = 0
    for family in FAMILIES:
        variants = product(family.first, enumerate(family.second))
        for place, (first, (level, second)) in enumerate(variants, 1):
            serial += 1
            name = family.name.format(first, second)
            amount = Decimal(family.price) + level * Decimal(family.extra)
            yield Supply(
                number=f"{family.prefix}-{place:03}",
                name=name if "{0}" in family.name else f"{name}, {first}",
                text=family.text,
                brand=family.brand,
                group=family.group,
                gtin=gtin_of(serial),
                quantity=family.quantity,
                steps={1: amount, family.bulk: (amount * 9 / 10).quantize(Decimal("0.001"))},
                reduced=family.reduced,
            )


def gtin_of(serial: int) -> str:
    """A GTIN-13 with its check digit, in the range for use within a company."""
    body = f"2000{serial:08}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)
