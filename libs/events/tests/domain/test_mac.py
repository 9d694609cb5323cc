"""S2, S8: MACs prove who made something, and keys rotate."""

import pytest

from zugabe_events.domain.mac import MacKeys, WrongMacError, secrets_of

OLD, NEW = b"old" * 11, b"new" * 11


def test_a_mac_is_of_one_content() -> None:
    keys = MacKeys([NEW], b"notes")
    mac = keys.make(b"content")
    keys.check(b"content", mac)
    for content, forged in [
        (b"contents", mac),
        (b"content", mac[:-1]),
        (b"content", mac.partition(b".")[0] + b"."),
    ]:
        with pytest.raises(WrongMacError, match="wrong-mac"):
            keys.check(content, forged)
    for unknown in (b"", b".", mac.partition(b".")[2], b"\xff" * 41):
        with pytest.raises(WrongMacError, match="unknown-key"):
            keys.check(b"content", unknown)


def test_keys_rotate_while_both_are_known() -> None:
    before = MacKeys([OLD], b"notes").make(b"content")
    keys = MacKeys([NEW, OLD], b"notes")
    keys.check(b"content", before)
    after = keys.make(b"content")
    with pytest.raises(WrongMacError, match="unknown-key"):
        MacKeys([OLD], b"notes").check(b"content", after)
    with pytest.raises(WrongMacError, match="unknown-key"):
        MacKeys([NEW], b"notes").check(b"content", before)


def test_a_mac_for_one_purpose_is_worth_nothing_for_another() -> None:
    mac = MacKeys([NEW], b"notes").make(b"content")
    with pytest.raises(WrongMacError):
        MacKeys([NEW], b"letters").check(b"content", mac)


@pytest.mark.parametrize("secrets", [[], [b"short"], [NEW, b"short"]])
def test_a_short_secret_could_be_guessed(secrets: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        MacKeys(secrets, b"notes")


def test_secrets_are_one_a_line() -> None:
    assert secrets_of("one\n\n  two \n") == [b"one", b"two"]
