"""Codes are compared in one form, and own codes never look like central ones."""

from contextlib import suppress

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.campaign.code import CODE_DECIDER, ClaimCode, CodeTakenError, ReleaseCode
from vouchers.campaign.typed_code import is_central, normalised, presentable
from zugabe_events.contracts.vouchers import CodeClaimed, CodeReleased
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

claimed = CodeClaimed("acme", "a12345", "spring")


@examples(st.text())
def test_a_normalised_code_stays_as_it_is(written: str) -> None:
    """X-9"""
    assert normalised(normalised(written)) == normalised(written)


@pytest.mark.parametrize("written", ["A12345", " a12345 ", "\ta12345\n"])
def test_case_and_blanks_around_a_code_do_not_matter(written: str) -> None:
    """X-9"""
    assert normalised(written) == "a12345"


def test_a_composed_and_a_decomposed_letter_are_the_same() -> None:
    """X-9"""
    assert normalised("FRÜHLING") == normalised("Fru\u0308hling")


@pytest.mark.parametrize(
    "written",
    [
        "sommer-26",
        "SOMMER\u201326",  # en dash, as word processors write it
        "SOMMER\u201126",  # hyphen that does not break
        "SOMMER\u221226",  # minus sign
        "SOM\u00adMER-26",  # soft hyphen
        "\u200bSOMMER-26\ufeff",  # blank without width, byte order mark
        "SOMMER\ufe0f-26",  # variation selector
        "\uff33OMMER-26",  # full width, as Asian keyboards write it
        "\u00a0SOMMER-26\u3000",  # other blanks
        "SOMMER-\u2461\u2465",  # circled digits
    ],
)
def test_a_code_works_however_it_is_typed(written: str) -> None:
    """X-9"""
    assert normalised(written) == "sommer-26"


def test_every_character_has_one_form() -> None:
    """X-9"""
    points = (point for point in range(0x30000) if not 0xD800 <= point < 0xE000)
    forms = {normalised(chr(point)) for point in points}
    assert all(normalised(form) == form for form in forms)


def test_a_code_is_given_to_no_further_campaign() -> None:
    """VO-6"""
    other = ClaimCode(CodeClaimed("acme", "a12345", "autumn"))
    given(CODE_DECIDER, claimed).when(other).refused(CodeTakenError)


def test_claiming_a_code_again_for_the_same_campaign_changes_nothing() -> None:
    given(CODE_DECIDER, claimed).when(ClaimCode(claimed)).then()


def test_the_code_of_a_deleted_draft_is_free_again() -> None:
    """VO-6: nobody could ever use it."""
    released = CodeReleased("acme", "a12345", "spring")
    given(CODE_DECIDER, claimed).when(ReleaseCode("spring")).then(released)
    given(CODE_DECIDER, claimed).when(ReleaseCode("autumn")).then()
    given(CODE_DECIDER, claimed, released).when(ReleaseCode("spring")).then()
    other = CodeClaimed("acme", "a12345", "autumn")
    given(CODE_DECIDER, claimed, released).when(ClaimCode(other)).then(other)


@pytest.mark.parametrize("written", ["1A", " 7", "٣A", "①A", "½A", "１A"])
def test_an_own_code_never_begins_with_a_digit(written: str) -> None:
    """VO-7"""
    assert is_central(written)
    refuses(written, "code-begins-with-digit")


@pytest.mark.parametrize("written", ["A1", "-1", "Ü7"])
def test_a_central_code_always_begins_with_a_digit(written: str) -> None:
    """VO-7"""
    assert not is_central(written)
    refuses(written, "code-begins-without-digit", tenant="central")
    assert presentable("1A", "central") == "1A"


@examples(st.text(max_size=20))
def test_own_and_central_codes_are_never_the_same(written: str) -> None:
    """VO-7"""
    found = []
    for tenant in ("acme", "central"):
        with suppress(InvalidError):
            found.append(normalised(presentable(written, tenant)))
    assert len(found) < 2


@pytest.mark.parametrize("written", ["", "  ", "A B", "A\u200bB", "A\x00", "A\u00adB"])
def test_a_code_that_nobody_can_see_is_no_code(written: str) -> None:
    """X-9"""
    refuses(written, "code-unreadable")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ＳＯＭＭＥＲ", "code-not-typable"),
        ("A½", "code-not-typable"),
        ("A٣", "code-not-typable"),
        ("\ufb01n", "code-not-typable"),
        ("A😀", "code-not-typable"),
        ("割引", "code-not-typable"),
        ("q\u0303", "code-not-typable"),
        ("S\u041eMMER", "code-mixes-scripts"),
        ("SOMMER\u03b1", "code-mixes-scripts"),
        ("\u0421\u041e\u041c\u0410", "code-look-alike"),
        ("\u0391\u0392", "code-look-alike"),
        ("F\u0131N", "code-look-alike"),
        ("A\u01a4", "code-look-alike"),
    ],
)
def test_a_code_that_people_cannot_type_is_refused_with_the_reason(written: str, code: str) -> None:
    """X-9"""
    refuses(written, code)


@pytest.mark.parametrize(
    "written",
    ["A12345", "FRÜHLING_26", "Sparen&Fürst", "ÇA-VA", "ЗИМА26", "Ωμέγα", "5%".join("AB")],
)
def test_a_code_of_one_script_is_shown_as_it_was_written(written: str) -> None:
    """X-9"""
    assert presentable(f" {written} ", "acme") == written


def test_a_new_code_gets_the_hyphen_of_keyboards() -> None:
    """X-9"""
    assert presentable("SOMMER\u201326", "acme") == "SOMMER-26"


@examples(st.text(max_size=40))
def test_what_is_shown_is_what_is_compared(written: str) -> None:
    """X-9: a code that is accepted works as it was entered, and as it is shown."""
    try:
        shown = presentable(written, "acme")
    except InvalidError:
        return
    assert normalised(shown) == normalised(written)


def refuses(written: str, code: str, tenant: str = "acme") -> None:
    with pytest.raises(InvalidError) as refused:
        presentable(written, tenant)
    assert refused.value.code == code
