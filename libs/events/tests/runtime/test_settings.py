"""All errors in the environment of a process are told at once, without any secret."""

import json
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from pydantic import Field
from typer.testing import CliRunner, Result

from zugabe_events.cli.config import config_commands
from zugabe_events.cli.sequencer import Settings as Sequencer
from zugabe_events.messaging.kafka_security import servers_of
from zugabe_events.runtime.service import ServiceSettings
from zugabe_events.runtime.setting_types import is_protected
from zugabe_events.runtime.settings import (
    OWN_SETTINGS,
    SettingsError,
    read_settings,
    settings_or_exit,
)
from zugabe_events.runtime.settings_docs import settings_of
from zugabe_events.schemas.publishers import own_settings

OF_OTHERS = own_settings() | entry_points(group=OWN_SETTINGS).names
"""Variables that one process only reads."""


class Settings(ServiceSettings):
    seconds: int = Field(900, ge=1)
    """how long it lasts"""

    platforms: dict[str, tuple[str, ...]] = Field({"amazon": ("brand", "rights")})
    """what each platform requires, as JSON"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A complete one."""
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    mac_keys = tmp_path / "mac-keys"
    mac_keys.write_text("0123456789abcdef" * 2)
    for name in ("MONGO_URL", "KAFKA", *(name.removeprefix("ZUGABE_") for name in OF_OTHERS)):
        monkeypatch.delenv(f"ZUGABE_{name}", raising=False)
    for name, value in {
        "MONGO_URL": "mongodb://vouchers@one:27017,two:27017/?replicaSet=rs0",
        "KAFKA": "one:9092,two:9092",
        "ISSUER": "https://issuer.example/realms/zugabe",
        "CLIENT_ID": "vouchers",
        "CLIENT_SECRET_FILE": str(secret),
        "PORT": "8103",
        "MAC_KEYS_FILE": str(mac_keys),
    }.items():
        monkeypatch.setenv(f"ZUGABE_{name}", value)
    return monkeypatch


def config(*words: str) -> Result:
    """The result of `vouchers config`."""
    return CliRunner().invoke(config_commands("vouchers", Settings), words)


def wrong() -> dict[str, str]:
    with pytest.raises(SettingsError) as refused:
        read_settings(Settings)
    return dict(refused.value.wrong)


def test_a_complete_environment_is_read_and_the_rest_has_defaults() -> None:
    settings = read_settings(Settings)
    assert (settings.port, settings.seconds, settings.audience) == (8103, 900, "zugabe")
    assert settings.url_of("catalog-shops") == "http://127.0.0.1:8102"


def test_services_that_are_not_named_are_at_their_usual_ports(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("ZUGABE_SERVICES", "vouchers=https://vouchers.example, bonus=http://b:1")
    settings = read_settings(Settings)
    assert settings.url_of("vouchers") == "https://vouchers.example"
    assert settings.url_of("bonus") == "http://b:1"
    assert settings.url_of("checkout") == "http://127.0.0.1:8105"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "99999", "less than or equal to 65535"),
        ("PORT", "http", "valid integer"),
        ("KAFKA", "kafka", "host:port"),
        ("ISSUER", "issuer.example", "no address like http://host:port"),
        ("ISSUER", "https://me:hunter2@issuer.example", "a user"),
        ("SERVICES", "vouchers=ftp://vouchers", "vouchers: no address like http://host:port"),
        ("SERVICES", "vouchers=http://vouchers, voucher=http://v", "no service 'voucher'"),
        ("SERVICES", "http://vouchers", "service=http://host:port"),
        ("MONGO_URL", "mongo:27017", "no address like mongodb://"),
        ("MONGO_URL", "mongodb://one:no", "no address like mongodb://"),
        ("MONGO_URL", "mongodb://me:hunter2@one/", "belongs in a file"),
        ("MONGO_URL", "mongodb://one/?retryWrites", "no MongoDB URL"),
        ("SMTP_URL", "smtps://me:hunter2@one", "belongs in a file"),
        ("SMTP_URL", "one:25", "no address like smtp://"),
        ("CLIENT_SECRET_FILE", "hunter2", "no file that can be read"),
        ("CLIENT_SECRET_FILE", "/dev/null", "is empty"),
        ("MAIL_SENDER", "Zugabe", "Name <mailbox@domain>"),
        ("INSTANCE", "one two", "should match pattern"),
        ("SESSION_MS", "10", "greater than or equal to 6000"),
        ("SECONDS", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason_and_without_itself(
    environment: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    environment.setenv(f"ZUGABE_{name}", value)
    told = wrong()
    assert list(told) == [f"ZUGABE_{name}"]
    assert why in told[f"ZUGABE_{name}"]
    assert "hunter2" not in str(told)


def test_everything_wrong_is_told_at_once_without_traceback_and_ends_with_2(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("ZUGABE_ISSUER")
    environment.setenv("ZUGABE_PORT", "")
    environment.setenv("ZUGABE_KAFKA", "kafka")
    environment.setenv("ZUGABE_MAIL_SENDR", "x")
    with pytest.raises(SystemExit) as ended:
        settings_or_exit("vouchers", Settings)
    assert ended.value.code == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in told[1:-1]] == [
        "ZUGABE_KAFKA",
        "ZUGABE_ISSUER",
        "ZUGABE_PORT",
        "ZUGABE_MAIL_SENDR",
    ]
    assert "is missing" in told[2]
    assert told[4].endswith("no process reads it; is ZUGABE_MAIL_SENDER meant?")


def test_what_another_process_reads_is_no_mistake(environment: pytest.MonkeyPatch) -> None:
    assert {"ZUGABE_HOLD_SECONDS", "ZUGABE_LINK_DAYS", "ZUGABE_LOGS", "ZUGABE_HOME"} <= OF_OTHERS
    for name in OF_OTHERS:
        environment.setenv(name, "vouchers")
    read_settings(Settings)


def test_a_sequencer_may_have_the_environment_of_a_service(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("ZUGABE_LOGS", "vouchers, catalog-shops")
    assert read_settings(Sequencer).logs == "vouchers, catalog-shops"


def test_a_password_comes_from_its_file_into_the_address_and_is_not_shown(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("p@ss/word\n")
    environment.setenv("ZUGABE_MONGO_PASSWORD_FILE", str(tmp_path / "password"))
    environment.setenv("ZUGABE_SMTP_URL", "smtps://me@relay")
    environment.setenv("ZUGABE_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    settings = read_settings(Settings)
    assert settings.mongo_url == (
        "mongodb://vouchers:p%40ss%2Fword@one:27017,two:27017/?replicaSet=rs0"
    )
    assert settings.smtp_url == "smtps://me:p%40ss%2Fword@relay"
    assert "p%40ss" not in repr(settings)


def test_a_password_without_a_user_is_a_mistake(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("ZUGABE_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    assert wrong() == {"ZUGABE_SMTP_PASSWORD_FILE": "ZUGABE_SMTP_URL names no user"}


def test_every_setting_is_explained_and_every_secret_is_a_file() -> None:
    told = settings_of(Settings)
    assert all(one.meaning for one in told)
    secrets = [one.name for one in told if one.secret]
    assert secrets == [one.name for one in told if one.name.endswith("_FILE")]
    assert len(secrets) == 7


def test_the_settings_are_told_as_json_and_as_a_file_that_starts_the_service(
    environment: pytest.MonkeyPatch,
) -> None:
    told = json.loads(config("--json").stdout)
    assert {one["name"] for one in told if one["required"]} == {
        "ZUGABE_MONGO_URL",
        "ZUGABE_KAFKA",
        "ZUGABE_ISSUER",
        "ZUGABE_CLIENT_ID",
        "ZUGABE_CLIENT_SECRET_FILE",
        "ZUGABE_PORT",
    }
    defaults = {one["name"]: one["default"] for one in told}
    assert defaults["ZUGABE_SECONDS"] == "900"
    assert json.loads(defaults["ZUGABE_PLATFORMS"]) == {"amazon": ["brand", "rights"]}
    before = read_settings(Settings)
    for line in config().stdout.splitlines():
        name, given, value = line.removeprefix("#").partition("=")
        if given and name.startswith("ZUGABE_") and value:
            environment.setenv(name, value)
    assert read_settings(Settings) == before


@pytest.mark.parametrize("text", ["nonsense", "{half", '"a word"'])
def test_a_variable_that_is_no_json_is_named_with_all_other_mistakes(
    environment: pytest.MonkeyPatch, text: str
) -> None:
    environment.setenv("ZUGABE_PLATFORMS", text)
    environment.setenv("ZUGABE_SECONDS", "0")
    found = wrong()
    assert set(found) == {"ZUGABE_PLATFORMS", "ZUGABE_SECONDS"}
    assert found["ZUGABE_PLATFORMS"] == "is no JSON; it takes what each platform requires, as JSON"


def test_json_of_another_kind_is_a_mistake_too(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ZUGABE_PLATFORMS", '{"amazon": 1}')
    assert set(wrong()) == {"ZUGABE_PLATFORMS"}


def test_an_environment_can_be_checked_before_a_start(
    environment: pytest.MonkeyPatch,
) -> None:
    checked = config("check")
    assert checked.exit_code == 0
    assert "complete" in checked.stdout
    environment.setenv("ZUGABE_PORT", "0")
    assert config("check").exit_code == 2
    assert config("chekc").exit_code == 2


@pytest.mark.parametrize(
    ("servers", "is_near"),
    [
        ("127.0.0.1:9092", True),
        ("localhost:9092,kafka:9092", True),
        ("10.0.0.7:9092", False),
        ("kafka:9092,kafka.example:9092", False),
    ],
)
def test_a_kafka_elsewhere_has_tls_unless_that_is_accepted(
    environment: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    servers: str,
    is_near: bool,
) -> None:
    """S2: one forged record could raise a balance."""
    environment.setenv("ZUGABE_KAFKA", servers)
    if is_near:
        assert servers_of(read_settings(Settings).kafka) == servers
    else:
        assert wrong() == {
            "ZUGABE_KAFKA_PLAIN": "Kafka is on another machine: use ZUGABE_KAFKA_TLS, or accept "
            "that"
        }
    environment.setenv("ZUGABE_KAFKA_PLAIN", "true")
    caplog.clear()
    assert servers_of(read_settings(Settings).kafka) == servers
    assert ("ZUGABE_KAFKA_PLAIN" in caplog.text.replace("\n", " ")) != is_near
    environment.delenv("ZUGABE_KAFKA_PLAIN")
    environment.setenv("ZUGABE_KAFKA_TLS", "true")
    kafka = read_settings(Settings).kafka
    assert servers_of(kafka) == servers
    assert "tls=1" in kafka


def test_messages_are_checked_unless_a_setting_says_otherwise(
    environment: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """S2: one setting, for the change-over, which is found in the log"""
    environment.delenv("ZUGABE_MAC_KEYS_FILE")
    [name] = wrong()
    assert name == "ZUGABE_UNSIGNED_MESSAGES"
    environment.setenv("ZUGABE_UNSIGNED_MESSAGES", "true")
    assert read_settings(Settings).kafka == "one:9092,two:9092"
    assert "ZUGABE_UNSIGNED_MESSAGES" in caplog.text
    environment.delenv("ZUGABE_UNSIGNED_MESSAGES")
    keys = tmp_path / "keys"
    keys.write_text("short\n")
    environment.setenv("ZUGABE_MAC_KEYS_FILE", str(keys))
    assert wrong() == {"ZUGABE_MAC_KEYS_FILE": "a key of MACs needs 32 bytes"}
    keys.write_text("0123456789abcdef" * 2)
    caplog.clear()
    kafka = read_settings(Settings).kafka
    assert parse_qsl(kafka.partition("?")[2]) == [("mac_keys", str(keys))]
    assert not caplog.text
    environment.setenv("ZUGABE_UNSIGNED_MESSAGES", "true")
    assert read_settings(Settings).kafka == f"{kafka}&unsigned=1"


def test_the_address_of_kafka_names_files_and_no_secret(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """S2"""
    for name in ("ca", "password"):
        (tmp_path / name).write_text("hunter2")
    environment.setenv("ZUGABE_KAFKA", "kafka.example:9093")
    environment.setenv("ZUGABE_KAFKA_CA", str(tmp_path / "ca"))
    environment.setenv("ZUGABE_KAFKA_USER", "vouchers")
    assert wrong() == {
        "ZUGABE_KAFKA_PASSWORD_FILE": "belongs together with ZUGABE_KAFKA_USER",
    }
    environment.setenv("ZUGABE_KAFKA_PASSWORD_FILE", str(tmp_path / "password"))
    kafka = read_settings(Settings).kafka
    assert servers_of(kafka) == "kafka.example:9093"
    assert "user=vouchers" in kafka
    assert "hunter2" not in kafka
    environment.setenv("ZUGABE_KAFKA_KEY_FILE", str(tmp_path / "password"))
    assert wrong() == {"ZUGABE_KAFKA_KEY_FILE": "belongs together with ZUGABE_KAFKA_CERTIFICATE"}


@pytest.mark.parametrize(
    ("name", "url", "host"),
    [
        ("ISSUER", "http://issuer.example/realms/zugabe", "issuer.example"),
        ("SERVICES", "vouchers=http://10.0.0.7:8103", "10.0.0.7:8103"),
        ("KEY_SERVICE_URL", "http://vault.example:8200", "vault.example:8200"),
    ],
)
def test_tokens_and_keys_go_to_other_machines_by_https_unless_that_is_accepted(
    environment: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    url: str,
    host: str,
) -> None:
    """S15: and who accepts that finds it in the log."""
    environment.setenv(f"ZUGABE_{name}", url)
    told = "these are on other machines: use https, or accept http"
    assert wrong() == {"ZUGABE_PLAIN_HTTP": f"{told} ({host})"}
    environment.setenv("ZUGABE_PLAIN_HTTP", "true")
    read_settings(Settings)
    [line] = [record.message for record in caplog.records if "ZUGABE_PLAIN_HTTP" in record.message]
    assert host in line
    environment.delenv("ZUGABE_PLAIN_HTTP")
    environment.setenv(f"ZUGABE_{name}", url.replace("http://", "https://"))
    read_settings(Settings)


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://issuer.localhost:8100/realms/zugabe", True),
        ("http://keycloak:8080", True),
        ("https://issuer.example", True),
        ("smtps://relay.example", True),
        ("smtp://relay", True),
        ("http://issuer.example", False),
        ("http://192.168.1.4", False),
        ("smtp://me:p@relay.example:587", False),
    ],
)
def test_an_address_is_protected_by_tls_or_by_being_near(url: str, is_safe: bool) -> None:
    """S15"""
    assert is_protected(url) == is_safe
