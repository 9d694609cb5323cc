"""X-7, X-18: what people read has German names in place of codes, and right numbers."""

import pytest

from onboarding.brand.articles import ArticlesRefusedError
from onboarding.brand.phases import GateClosedError
from onboarding.brand.releases import PlatformInUseError, PreconditionOpenError
from onboarding.brand.state import TooManyError
from onboarding.form.answers import at_least, at_most
from onboarding.form.definition import PLATFORM_FORM, PLATFORMS, shipped
from onboarding.form.policy import platform_id
from onboarding.labels import platform_label, requirement_lines
from zugabe_events.contracts.onboarding import Missing


def test_every_platform_that_the_form_offers_has_its_name() -> None:
    for version in shipped(PLATFORM_FORM):
        [question] = [one for one in version.fields if one.name == PLATFORMS]
        assert question.choices
        for choice in question.choices:
            assert platform_label(platform_id(choice)) == choice
    assert question.choice_ids == tuple(map(platform_id, question.choices))
    assert platform_label("galaxus-eu") == "Galaxus Eu"


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ([Missing("data-model", "central", "muetze")], "Datenmodell: Mütze"),
        (
            [Missing("data-model", "central", one) for one in ("muetze", "schal")],
            "Datenmodelle: Mütze, schal",
        ),
        ([Missing("texts", "partner")], "Text-Content für einen Artikel"),
        ([Missing("images", "partner", count=1200)], "Bild-Content für 1.200 Artikel"),
        ([Missing("live-articles", "central", "ebay")], "Livesetzung der Artikel: eBay"),
        ([Missing("precondition:logo", "partner", "otto")], "logo: Otto"),
    ],
)
def test_a_requirement_is_a_line_with_names(missing: list[Missing], line: str) -> None:
    assert requirement_lines(missing, {"muetze": "Mütze"}) == [line]


def test_one_subject_beyond_the_limit_is_named_as_well() -> None:
    several = [Missing("data-model", "central", f"t{n}") for n in range(12)]
    assert requirement_lines(several[:11])[0].endswith(", t9, t10")
    assert requirement_lines(several)[0].endswith(", t9 und 2 weitere")


def test_refusals_count_in_german() -> None:
    missing = (Missing("data-model", "central", "muetze"), Missing("images", "partner", count=3))
    one = GateClosedError("content", missing[:1], {"muetze": "Mütze"})
    assert one.detail == "Die Phase Content kann noch nicht abgeschlossen werden: Ein Punkt fehlt."
    assert one.lists["missing"][0]["detail"] == "Datenmodell: Mütze"
    assert one.lists["missing"][0]["subject"] == "muetze"
    assert GateClosedError("content", missing, {}).detail.endswith(": 2 Punkte fehlen.")
    assert TooManyError("Artikel", 5_000).detail.startswith("Mehr als 5.000 Artikel je Marke")
    words = ("Ein Artikel fehlt.", "{} Artikel fehlen.")
    assert ArticlesRefusedError(words, [("1", "weg")], "x").detail == "Ein Artikel fehlt."
    assert ArticlesRefusedError(words, [("1", "weg")] * 2, "x").detail == "2 Artikel fehlen."
    assert "auf About You fehlt noch eine" in PreconditionOpenError("about-you", ["logo"]).detail
    assert "fehlen noch 2" in PreconditionOpenError("amazon", ["logo", "name"]).detail
    assert "die Plattform eBay ist eine" in PlatformInUseError(["ebay"]).detail
    in_use = PlatformInUseError(["ebay", "otto"])
    assert "sind Freigaben beantragt oder erteilt: eBay, Otto." in in_use.detail
    assert in_use.facts["platforms"] == "ebay, otto"


def test_rows_count_in_german() -> None:
    assert at_least(1) == "Mindestens eine Zeile wird benötigt."
    assert at_least(2) == "Mindestens 2 Zeilen werden benötigt."
    assert at_most(1) == "Höchstens eine Zeile ist möglich."
    assert at_most(9) == "Höchstens 9 Zeilen sind möglich."
