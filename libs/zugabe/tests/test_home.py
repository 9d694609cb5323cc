"""Secrets of a state directory."""

from pathlib import Path

from zugabe.home import Home
from zugabe_events.encryption.master_key import master_keys


def test_master_keys_are_made_once_for_their_owner_only_and_get_more(tmp_path: Path) -> None:
    home = Home(tmp_path)
    file = home.master_keys()
    first = file.read_text()
    assert home.master_keys().read_text() == first
    assert list(master_keys(first)) == ["1"]
    home.add_master_key()
    assert file.read_text().startswith(first)
    assert list(master_keys(file.read_text())) == ["1", "2"]
    assert file.stat().st_mode & 0o777 == 0o600
