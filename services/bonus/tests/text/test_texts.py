"""Texts with placeholders: published in versions, filled in when they are read."""

from datetime import timedelta

import pytest
from bonus_tests.samples import DEALER, MARCH_1, TERMS
from msgspec.structs import replace

from bonus.text.decider import TEXTS_DECIDER, PublishText
from bonus.text.template import USUAL, check_placeholders, filled
from zugabe_events.contracts.bonus import AcceptedText, ProgrammeTextPublished
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

BODY = "{Händler} gibt {Punkte} je Euro."
FIRST = ProgrammeTextPublished(DEALER, "participation", 1, BODY, True, MARCH_1)


def publish(body: str = BODY, *, is_material: bool = True, days: int = 0) -> PublishText:
    at = MARCH_1 + timedelta(days=days)
    return PublishText(DEALER, "participation", body, is_material, at)


def test_each_change_of_a_text_is_a_version() -> None:
    """X-23"""
    given(TEXTS_DECIDER).when(publish()).then(FIRST)
    given(TEXTS_DECIDER, FIRST).when(publish(days=1)).then()
    other = publish("{Tage}", is_material=False, days=1)
    second = ProgrammeTextPublished(DEALER, "participation", 2, "{Tage}", False, other.at)
    given(TEXTS_DECIDER, FIRST).when(other).then(second)
    texts = TEXTS_DECIDER.fold([FIRST, second])
    assert texts.to_accept == (
        AcceptedText("terms", 0),
        AcceptedText("privacy", 0),
        AcceptedText("participation", 2),
    )
    assert texts.material_since(MARCH_1 - timedelta(seconds=1)) is None
    assert texts.material_since(other.at) == MARCH_1


def test_a_placeholder_that_nothing_fills_in_is_refused() -> None:
    given(TEXTS_DECIDER).when(publish("{Haendler}")).refused(InvalidError, "placeholder-unknown")


def test_a_text_does_not_become_much_longer_than_it_was_written() -> None:
    """Anybody may read it, as often as they like; nor does a refusal repeat it."""
    given(TEXTS_DECIDER).when(publish("{Händler}" * 200)).then(
        replace(FIRST, body="{Händler}" * 200)
    )
    many = publish("{Händler}" * 201)
    given(TEXTS_DECIDER).when(many).refused(InvalidError, "placeholders-too-many")
    with pytest.raises(InvalidError) as refused:
        check_placeholders("{" + "x" * 50_000 + "}")
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Punkte können sofort eingelöst werden."),
        (1, "Punkte können 1 Tag nach der Bestellung eingelöst werden."),
        (14, "Punkte können 14 Tage nach der Bestellung eingelöst werden."),
    ],
)
def test_a_text_says_who_how_many_points_and_how_many_days(days: int, said: str) -> None:
    """BO-41"""
    terms = replace(TERMS, pending_days=days)
    text = filled(USUAL["participation"], "Bürohaus Müller", terms)
    assert "Das Bonusprogramm bietet Bürohaus Müller an." in text
    assert "erhalten Sie 1 Punkt." in text
    assert said in text
    assert "{" not in text
    nameless = [filled(usual, "Ihr Händler", terms) for usual in USUAL.values()]
    assert not any("von Ihr " in text for text in nameless)
    assert "2 Punkte je Euro" in filled(BODY, "M", replace(terms, points_per_euro=2))


def test_a_name_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert filled("{Händler}", "{Punkte}", TERMS) == "{Punkte}"
