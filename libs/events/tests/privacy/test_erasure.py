"""X-15, X-19, N-8: a guest is forgotten, from the log to the mails; what they spent stays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from kernel_tests.guests import TYPES, come, erase, guest_views
from kernel_tests.houses import House
from kernel_tests.toy import context, now

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.encryption.key_store import MongoKeyStore
from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_events.privacy.subject_export import MAX_OWN_A_DAY
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import canonical_hash
from zugabe_events.projections.rebuild import Rebuild
from zugabe_testing.malformed import SEALED_BY_NOBODY

LONG_AGO = datetime(2001, 5, 4, tzinfo=UTC)
NAMES = {"anna": "Annegret Ast", "bert": "Bertram Buche"}


async def visit(house: House, user: str, at: datetime = LONG_AGO) -> None:
    email = f"{user}@{user}.example"
    await come(house.store, house.people, user, at, NAMES[user], email)


async def visits_shown(house: House, user: str, visits: int) -> Any:
    async def look() -> bool:
        view = await house.views.get(f"acme/{user}")
        return view is not None and view.visits == visits

    await house.until(look)
    return await house.views.get(f"acme/{user}")


async def wait_for_mails(house: House, count: int) -> None:
    async def look() -> bool:
        return await house.db.outbox.count_documents({}) == count

    await house.until(look)


async def forget(house: House, user: str) -> None:
    until = await house.people.keep_until(f"acme/{user}")
    await erase(house.store, "acme", user, until, context(), attempt=uuid4())


async def key_is(house: House, user: str, **state: Any) -> None:
    async def look() -> bool:
        return await house.db.persons.find_one({"_id": f"acme/{user}", **state}) is not None

    await house.until(look)


async def exported(house: House, user: str, *, even_restricted: bool = False) -> Any:
    parts = [part async for part in house.export.of("acme", user, even_restricted=even_restricted)]
    return msgspec.json.decode(b"".join(parts))


async def test_without_the_keys_nothing_personal_is_in_the_database_or_in_kafka(
    house: House,
) -> None:
    for user in NAMES:
        await visit(house, user)
        await visits_shown(house, user, 1)
    await wait_for_mails(house, 2)
    stored = await house.everything_stored()
    assert b"acme/anna" in stored
    for user, name in NAMES.items():
        for plain in (name, *name.split(), f"{user}@{user}.example"):
            assert plain.encode() not in stored
    assert await house.sending.send_one()
    assert await house.sending.send_one()
    assert not await house.sending.send_one()
    for mail in house.relay.sent:
        user = mail["To"].partition("@")[0]
        assert mail.get_body(("plain",)).get_content() == f"Guten Tag {NAMES[user]},\n"  # type: ignore[union-attr]


async def test_an_erased_guest_is_a_tombstone_and_his_sums_stay(house: House) -> None:
    for _ in range(2):
        await visit(house, "anna")
    await visit(house, "bert")
    before = await visits_shown(house, "anna", 2)
    await wait_for_mails(house, 3)
    assert is_sealed(before.name)
    assert (await house.people.open([before.name]))[before.name] == NAMES["anna"]

    await forget(house, "anna")
    await forget(house, "anna")
    await key_is(house, "anna", wrapped=None)
    assert await house.views.get("acme/anna") == before, "sums stay, and the name stays sealed"

    async def gone() -> bool:
        return (await house.people.open([before.name]))[before.name] == "gelöscht"

    await house.until(gone)
    told = [event["event"] for event in (await exported(house, "anna"))["events"]]
    assert told == ["guest-came", "guest-came", "guest-forgotten"]

    while await house.sending.send_one():
        pass
    assert [mail["To"] for mail in house.relay.sent] == ["bert@bert.example"]
    async for mail in house.db.outbox.find({"about": "acme/anna"}):
        assert (mail["waiting"], mail["why"], "to" in mail) == (False, "erased", False)

    await visit(house, "anna")
    again = await visits_shown(house, "anna", 3)
    assert (again.spent_cents, again.name) == (3_000, before.name)
    assert await house.people.stored("acme/anna") is not None


async def test_a_read_model_rebuilt_after_an_erasure_equals_the_live_one(house: House) -> None:
    for user in ("anna", "bert", "anna"):
        await visit(house, user)
    await forget(house, "anna")
    await key_is(house, "anna", wrapped=None)
    await visits_shown(house, "anna", 2)
    await visits_shown(house, "bert", 1)
    model = guest_views(house.identity.name)
    rebuild = Rebuild(house.db, house.identity, house.kafka, model, TYPES, lambda _: None)
    built = build_of(model, await rebuild.build())
    live = build_of(model, 1)
    assert await canonical_hash(house.db, built) == await canonical_hash(house.db, live)


async def test_what_the_law_keeps_is_restricted_until_its_period_ends(house: House) -> None:
    """X-19: a visit meanwhile makes the period longer."""
    this_year = now().year
    await visit(house, "anna", datetime(this_year - 8, 7, 1, tzinfo=UTC))
    view = await visits_shown(house, "anna", 1)
    await forget(house, "anna")
    await key_is(house, "anna", restricted=True)

    async def restricted() -> bool:
        return (await house.people.open([view.name]))[view.name] == "gesperrt"

    await house.until(restricted)
    closed = await exported(house, "anna")
    assert closed["read_models"]["guests.all"][0]["name"] == "gesperrt"
    opened = await exported(house, "anna", even_restricted=True)
    assert opened["read_models"]["guests.all"][0]["name"] == NAMES["anna"]

    await visit(house, "anna", datetime(this_year, 7, 1, tzinfo=UTC))

    async def alarm_set() -> bool:
        return await house.db.timers.count_documents({"open": True}) == 1

    await house.until(alarm_set)
    house.time[0] = datetime(this_year + 1, 1, 2, tzinfo=UTC)
    assert await house.ringing.fire_one(), "the first period ends, but not the second"
    await house.until(alarm_set)
    assert not await house.ringing.fire_one()
    assert (await house.people.stored("acme/anna")).wrapped is not None  # type: ignore[union-attr]

    house.time[0] = datetime(this_year + 9, 1, 2, tzinfo=UTC)
    assert await house.ringing.fire_one()
    await key_is(house, "anna", wrapped=None)
    assert not await house.ringing.fire_one()


async def test_an_export_holds_all_that_is_stored_about_one_guest_and_nothing_of_others(
    house: House,
) -> None:
    """X-15"""
    for user in ("anna", "bert", "anna"):
        await visit(house, user)
    await visits_shown(house, "anna", 2)
    await wait_for_mails(house, 3)
    await house.export.disclose("anna", context(), even_restricted=False)
    told = await exported(house, "anna")
    assert told["complete"] is True
    assert "Art. 15 DSGVO" in told["notice"]
    guest = {"name": NAMES["anna"], "email": "anna@anna.example"}
    assert [event["data"]["guest"] for event in told["events"]] == [guest, guest]
    assert [one["name"] for one in told["read_models"]["guests.all"]] == [NAMES["anna"]]
    assert [mail["to"] for mail in told["mails"]] == ["anna@anna.example"] * 2
    assert [one["actor"] for one in told["disclosures"]] == ["tester"]
    assert "bert" not in str(told).lower()


async def test_a_mail_waits_for_keys_that_are_away_and_is_never_given_up_for_it(
    house: House,
) -> None:
    await visit(house, "anna")
    await wait_for_mails(house, 1)

    async def away(texts: Any, *, even_restricted: bool = False) -> Any:
        raise KeysUnavailableError

    opened, house.people.open = house.people.open, away  # type: ignore[method-assign]
    for _ in range(200):
        house.time[0] += timedelta(hours=1)
        assert await house.sending.send_one()
    house.people.open = opened  # type: ignore[method-assign]
    house.time[0] += timedelta(hours=1)
    assert await house.sending.send_one()
    assert [mail["To"] for mail in house.relay.sent] == ["anna@anna.example"]


async def test_the_content_of_a_mail_goes_a_month_after_it_went_out(house: House) -> None:
    await visit(house, "anna")
    await wait_for_mails(house, 1)
    await house.sending.send_one()
    house.time[0] += timedelta(days=29)
    await house.sending.clear()
    assert await house.db.outbox.count_documents({"text": {"$exists": True}}) == 1
    house.time[0] += timedelta(days=2)
    await house.sending.clear()
    [mail] = await house.db.outbox.find({}).to_list()
    assert {"to", "subject", "text", "html"}.isdisjoint(mail)
    assert (mail["waiting"], "sent" in mail) == (False, True)


async def test_a_mail_for_one_person_shows_nothing_of_another(house: House) -> None:
    sealed = [
        (await house.people.seal(f"acme/{user}", "receipt", LONG_AGO, email=f"{user}@x.example"))
        for user in NAMES
    ]
    anna, bert = (one["email"] for one in sealed if one)
    times = {"created": house.time[0], "waiting": True, "next": house.time[0], "tries": 0}
    mail = {"to": anna, "subject": "Hallo", "text": f"Grüße von {bert}", "html": None}
    await house.db.outbox.insert_one({"_id": "m", **mail, **times})
    await house.sending.send_one()
    assert house.relay.sent == []
    [kept] = await house.db.outbox.find({}).to_list()
    assert kept["why"] == "UnsendableError"


async def test_a_mail_may_tell_of_those_whom_its_rule_names(house: House) -> None:
    """ON-12: a contact learns who helps them, and still gets mail after the helper is gone."""
    sealed = [
        (await house.people.seal(f"acme/{user}", "receipt", LONG_AGO, email=f"{user}@x.example"))
        for user in NAMES
    ]
    anna, bert = (one["email"] for one in sealed if one)
    times = {"created": house.time[0], "waiting": True, "next": house.time[0], "tries": 0}
    text = f"Fragen Sie {bert}."
    mail = {"to": anna, "subject": "Hallo", "text": text, "html": f"<p>{text}</p>"}
    for id_ in ("m1", "m2"):
        named = {"_id": id_, **mail, **times, "beside": ["acme/bert"]}
        await house.db.outbox.insert_one(named)
        await house.sending.send_one()
        await forget(house, "bert")
        await key_is(house, "bert", wrapped=None)
        house.people.evict("acme/bert")
    told = [message.get_body(("html",)) for message in house.relay.sent]
    assert [body.get_content() for body in told if body] == [
        "<p>Fragen Sie bert@x.example.</p>\n",
        "<p>Fragen Sie gelöscht.</p>\n",
    ]


async def test_a_contact_is_found_wherever_his_sealed_texts_stand(house: House) -> None:
    """X-15: also in what was done for another tenant, but never a namesake's texts."""
    for dealer in ("acme", "other"):
        email = f"anna@{dealer}.example"
        await come(house.store, house.people, "anna", LONG_AGO, NAMES["anna"], email, dealer)
    contacts = replace(house.export, tenant="partner")

    async def told(partner: str) -> Any:
        parts = [part async for part in contacts.of(partner, "anna", even_restricted=True)]
        return msgspec.json.decode(b"".join(parts))

    for partner in ("acme", "other"):

        async def shown(partner: str = partner) -> bool:
            return bool((await told(partner))["read_models"]["guests.all"])

        await house.until(shown)
        found = await told(partner)
        [event], [view] = found["events"], found["read_models"]["guests.all"]
        assert event["data"]["guest"]["email"] == f"anna@{partner}.example"
        assert (view["dealer"], view["name"]) == (partner, NAMES["anna"])


async def test_an_export_is_whole_for_somebody_who_typed_what_looks_sealed(house: House) -> None:
    """S7, D1: by a service that there is not, in a field that nobody sealed."""
    email = SEALED_BY_NOBODY + "@x.example"
    await come(house.store, house.people, "anna", LONG_AGO, SEALED_BY_NOBODY, email)

    async def nobody(_: str, texts: Sequence[str]) -> Mapping[str, str]:
        return {text: text for text in texts}

    people = People("guests", MongoKeyStore(house.db), house.people.master, nobody)
    export = replace(house.export, people=people)
    await house.db.outbox.insert_one(
        {"_id": "m", "about": ["acme/anna"], "text": f"Grund: {SEALED_BY_NOBODY}"}
    )
    parts = [part async for part in export.of("acme", "anna", even_restricted=True)]
    told = msgspec.json.decode(b"".join(parts))
    assert told["events"][0]["data"]["guest"]["name"] == SEALED_BY_NOBODY
    assert told["mails"][0]["text"] == f"Grund: {SEALED_BY_NOBODY}"


async def test_what_a_policy_did_is_not_told_to_a_namesake(house: House) -> None:
    """S10: a person may have any id, also the name of a policy, a timer or a service."""
    await visit(house, "bert")
    [commit] = await house.db.commits.find({}).to_list()
    for number, role in enumerate(("policy", "timer", "service", "operator", "user")):
        other = {"_id": uuid4(), "stream": f"s{number}", "actor": "guests.thank", "role": role}
        await house.db.commits.insert_one({**commit, **other})
    told = (await exported(house, "guests.thank"))["events"]
    assert [one["role"] for one in told] == ["user"]


async def test_a_person_has_so_many_exports_a_day(house: House) -> None:
    """S9: others' requests for their data are counted by nobody."""

    async def ask(actor: str, hours: int) -> None:
        at = LONG_AGO + timedelta(hours=hours)
        asked = replace(context(), actor=actor, tenant="acme", at=at, reason="Auskunft")
        await house.export.disclose("anna", asked, even_restricted=False)

    for hour in range(MAX_OWN_A_DAY):
        await ask("anna", hour)
        await ask("staff", hour)
    with pytest.raises(ThrottledError):
        await ask("anna", 23)
    await ask("staff", 23)
    await ask("anna", 25)
