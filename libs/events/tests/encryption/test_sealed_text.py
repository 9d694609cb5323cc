"""N-8: sealed texts open with their key, where they were sealed, and nowhere else."""

import os
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from typing import ClassVar

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.contracts.checkout import OrderConfirmed, OrderPlaced
from zugabe_events.contracts.vouchers import VoucherIssued
from zugabe_events.domain.event import Event, EventTypes, Fact, Personal
from zugabe_events.encryption.master_key import (
    KeysUnavailableError,
    master_keys,
    unwrapped,
    wrapped_with,
)
from zugabe_events.encryption.plaintext_guard import PlainTextError, personal_texts, refuse_plain
from zugabe_events.encryption.sealed_text import (
    UnreadableError,
    is_sealed,
    parsed,
    replaced,
    seal,
    sealed_in,
    unseal,
)

CIPHER = AESGCM(os.urandom(32))
ANNA = "acme/anna"


class Contact(Fact, frozen=True):
    name: Personal
    phone: Personal | None = None
    city: str = ""


class ContactsNamed(Event, frozen=True):
    stored_as: ClassVar[str] = "contacts-named"

    title: str
    nick: Personal
    first: Contact
    others: tuple[Contact, ...] = ()
    by_place: dict[str, Contact] = msgspec.field(default_factory=dict)
    maybe: Contact | None = None


TYPES = EventTypes([ContactsNamed])


def sealed(text: str, field: str = "name", person: str = ANNA) -> str:
    return seal(CIPHER, "checkout", person, field, text, os.urandom)


def opened(text: str) -> str:
    return unseal(CIPHER, parsed(text)) if text else ""


texts = st.text(st.characters(codec="utf-8"), max_size=80)
contacts = st.builds(Contact, texts, st.none() | texts, st.text(max_size=5))
named = st.builds(
    ContactsNamed,
    st.text(max_size=5),
    texts,
    contacts,
    st.lists(contacts, max_size=3).map(tuple),
    st.dictionaries(st.text(max_size=3), contacts, max_size=3),
    st.none() | contacts,
)


def sealed_contact(contact: Contact) -> Contact:
    phone = None if contact.phone is None else sealed(contact.phone, "phone")
    return Contact(sealed(contact.name), phone, contact.city)


def sealed_event(event: ContactsNamed) -> ContactsNamed:
    return ContactsNamed(
        event.title,
        sealed(event.nick, "nick"),
        sealed_contact(event.first),
        tuple(map(sealed_contact, event.others)),
        {place: sealed_contact(one) for place, one in event.by_place.items()},
        sealed_contact(event.maybe) if event.maybe else None,
    )


@given(named)
def test_any_event_with_personal_fields_comes_back_from_the_log_as_it_was(
    event: ContactsNamed,
) -> None:
    stored = sealed_event(event)
    refuse_plain([stored])
    read = TYPES.decode("contacts-named", msgspec.json.encode(stored), 1)
    shown = replaced(msgspec.to_builtins(read), opened)
    assert msgspec.convert(shown, ContactsNamed) == event


@given(named)
def test_the_log_takes_no_plain_text_in_any_personal_field(event: ContactsNamed) -> None:
    texts_of = personal_texts(ContactsNamed)
    assert texts_of is not None
    if not any(texts_of(event)):
        refuse_plain([event])
        return
    with pytest.raises(PlainTextError) as caught:
        refuse_plain([event])
    assert str(caught.value) == "a personal field of contacts-named holds plain text"


def test_which_events_are_looked_into_follows_from_their_contracts() -> None:
    assert personal_texts(OrderPlaced)
    assert personal_texts(VoucherIssued)
    assert personal_texts(OrderConfirmed) is None


def test_what_is_moved_to_another_person_field_or_owner_cannot_be_read() -> None:
    text = sealed("Anna Ast")
    assert opened(text) == "Anna Ast"
    for part, other in (("anna", "bert"), (":name:", ":email:"), (":checkout:", ":vouchers:")):
        moved = text.replace(part, other)
        assert is_sealed(moved)
        with pytest.raises(UnreadableError):
            opened(moved)


@given(st.integers(min_value=0, max_value=30), st.integers(min_value=1, max_value=255))
def test_what_was_changed_cannot_be_read(place: int, by: int) -> None:
    text = parsed(sealed("Anna Ast"))
    raw = bytearray(urlsafe_b64decode(text.payload))
    raw[place] ^= by
    changed = urlsafe_b64encode(bytes(raw)).decode()
    with pytest.raises(UnreadableError):
        unseal(CIPHER, type(text)(text.owner, text.person, text.field, changed))


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert sealed("Anna Ast") != sealed("Anna Ast")


def test_sealed_texts_are_found_in_the_middle_of_a_mail() -> None:
    one, two = sealed("Anna"), sealed("anna@example.org", "email", "acme/a.b+c@d")
    mail = {"to": two, "text": f"Guten Tag {one}, ~ {two}~", "lines": [one, "~zp1:none~"]}
    assert list(sealed_in(mail)) == [two, one, two, one]
    assert replaced(mail, opened) == {
        "to": "anna@example.org",
        "text": "Guten Tag Anna, ~ anna@example.org~",
        "lines": ["Anna", "~zp1:none~"],
    }


@pytest.mark.parametrize("text", ["Anna", "~zp1:checkout:acme/anna:name:short~", "~zp1:x~", " "])
def test_what_is_not_sealed_is_not_taken_for_it(text: str) -> None:
    assert not is_sealed(text)
    with pytest.raises(UnreadableError):
        parsed(text)


def test_a_wrapped_key_is_of_use_for_its_own_person_only() -> None:
    wrapped = wrapped_with(CIPHER, "1", b"k" * 32, ANNA)
    assert unwrapped(CIPHER, wrapped, ANNA) == b"k" * 32
    for cipher, person in ((CIPHER, "acme/bert"), (AESGCM(os.urandom(32)), ANNA)):
        with pytest.raises(KeysUnavailableError):
            unwrapped(cipher, wrapped, person)


SECRET = b64encode(b"s" * 32).decode()


@pytest.mark.parametrize(
    "text",
    ["", SECRET, f"1 {SECRET}\n1 {SECRET}", f"1 {SECRET[:-8]}", f"a:b {SECRET}", f"1 {SECRET}!"],
)
def test_a_file_that_is_none_of_master_keys_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"master key|line") as caught:
        master_keys(text)
    assert SECRET[:8] not in str(caught.value)
