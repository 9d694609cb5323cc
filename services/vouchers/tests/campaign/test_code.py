"""Codes are compared in one form, and own codes never look like central ones."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from vouchers.campaign.code import CODE_DECIDER, ClaimCode, CodeTakenError, normalised, presentable
from zugabe_events.contracts.vouchers import CodeClaimed
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


def test_a_code_is_given_to_no_further_campaign() -> None:
    """VO-6"""
    other = ClaimCode(CodeClaimed("acme", "a12345", "autumn"))
    given(CODE_DECIDER, claimed).when(other).refused(CodeTakenError)


def test_claiming_a_code_again_for_the_same_campaign_changes_nothing() -> None:
    given(CODE_DECIDER, claimed).when(ClaimCode(claimed)).then()


@pytest.mark.parametrize("written", ["1A", " 7", "٣A", "①A"])
def test_an_own_code_never_begins_with_a_digit(written: str) -> None:
    """VO-7"""
    with pytest.raises(InvalidError) as refused:
        presentable(written)
    assert refused.value.code == "code-begins-with-digit"


@pytest.mark.parametrize("written", ["", "  ", "A B", "A\u200bB", "A\x00"])
def test_a_code_that_nobody_can_type_is_no_code(written: str) -> None:
    with pytest.raises(InvalidError) as refused:
        presentable(written)
    assert refused.value.code == "code-unreadable"
