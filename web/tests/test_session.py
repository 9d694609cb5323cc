"""The cookie of a session."""

from datetime import UTC, datetime, timedelta

from zugabe_web.session import MAX_TOKENS, Session, Sessions

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
SESSION = Session("partner", "secret-link", "token", int(NOON.timestamp()) + 3_600, "nordwind")


def test_a_new_key_is_put_above_the_old_one() -> None:
    """S17: keys rotate while people are signed in"""
    sealed = Sessions([OLD], secure=True).seal(SESSION, NOON)
    assert Sessions([NEW, OLD], secure=True).open(sealed, NOON) == SESSION
    assert Sessions([NEW], secure=True).open(sealed, NOON) is None


def test_nobody_can_read_or_change_a_session() -> None:
    sessions = Sessions([NEW], secure=True)
    sealed = sessions.seal(SESSION, NOON)
    assert "secret" not in sealed
    for place in (0, 20, len(sealed) - 5):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        assert sessions.open(changed, NOON) is None
    assert sessions.open("", NOON) is None
    assert sessions.open("ä", NOON) is None


def test_a_session_is_over_when_its_hours_are() -> None:
    sessions = Sessions([NEW], secure=False)
    sealed = sessions.seal(SESSION, NOON)
    assert sessions.open(sealed, NOON + timedelta(minutes=59)) == SESSION
    assert sessions.open(sealed, NOON + timedelta(hours=1)) is None


def test_only_the_latest_tokens_are_kept() -> None:
    tokens = [f"onboarding.0.1.{number}" for number in range(20)]
    kept = SESSION.with_tokens(*tokens, tokens[3])
    assert kept.tokens == tuple(tokens[-MAX_TOKENS:])
