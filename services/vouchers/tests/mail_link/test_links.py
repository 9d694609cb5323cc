"""A link says who and what to this service, and nothing to anybody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchers.mail_link.links import Link, Links, normalised_address
from vouchers.mail_link.refusals import LinkUnknownError

LINKS = Links(b"s" * 32, "https://shop.example/")
LINK = Link("objection", "acme", "anna")


def test_a_link_is_the_same_each_time_and_names_nobody() -> None:
    url = LINKS.url(LINK)
    assert url == LINKS.url(LINK)
    assert url.startswith("https://shop.example/dealers/acme/mail-links/")
    assert "anna" not in url
    assert LINKS.read("acme", url.rpartition("/")[2]) == LINK


@given(number=st.integers(0, 10**9), user=st.from_regex(r"\A[A-Za-z0-9._@+-]{1,64}\Z"))
def test_what_a_link_says_is_read_again(number: int, user: str) -> None:
    link = Link("confirmation", "acme", user, number)
    assert LINKS.read("acme", LINKS.token(link)) == link


def test_a_link_of_another_dealer_or_secret_is_unknown() -> None:
    token = LINKS.token(LINK)
    others = Links(b"t" * 32, "https://shop.example")
    for dealer, links in (("other", LINKS), ("acme", others)):
        with pytest.raises(LinkUnknownError):
            links.read(dealer, token)


@given(place=st.integers(0, 60), letter=st.sampled_from("AZaz09-_"))
def test_a_changed_link_is_unknown(place: int, letter: str) -> None:
    token = LINKS.token(LINK)
    changed = token[:place] + letter + token[place + 1 :]
    if changed[:-1] != token[:-1]:
        with pytest.raises(LinkUnknownError):
            LINKS.read("acme", changed)


@given(token=st.text(max_size=100))
def test_no_other_text_is_a_link(token: str) -> None:
    with pytest.raises(LinkUnknownError):
        LINKS.read("acme", token)


def test_one_mailbox_is_one_address_however_it_is_typed() -> None:
    """X-21"""
    forms = ("Anna@Händler.de", " anna@xn--hndler-bua.de ", "anna+shop@HÄNDLER.de.")
    assert {LINKS.fingerprint("acme", form) for form in forms} == {
        LINKS.fingerprint("acme", "anna@händler.de")
    }
    assert LINKS.fingerprint("acme", "bert@händler.de") != LINKS.fingerprint("acme", forms[0])
    assert LINKS.fingerprint("other", forms[0]) != LINKS.fingerprint("acme", forms[0])
    assert normalised_address("+@a.de") == "+@a.de"


def test_dots_that_mean_nothing_make_no_further_mailbox() -> None:
    """X-21, S13: else one mailbox gets a mail, and a voucher, for each place of a dot."""
    forms = ("a.n.na@gmail.com", "Anna+shop@GoogleMail.com", "anna@gmail.com")
    assert {normalised_address(form) for form in forms} == {"anna@gmail.com"}
    assert normalised_address("an.na@example.org") == "an.na@example.org"
