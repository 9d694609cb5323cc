from zugabe_events.projections.key_filter import KeyFilter


def test_every_key_that_was_added_is_there_and_hardly_any_other() -> None:
    keys = KeyFilter()
    for number in range(20_000):
        keys.add(f"d1/u{number}")

    assert all(f"d1/u{number}" in keys for number in range(20_000))
    assert sum(f"d2/u{number}" in keys for number in range(20_000)) < 20
