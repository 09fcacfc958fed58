from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import Settings, read_settings
from tests.paths import EPISODES, ROOT

NAMES = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def write_env(text: str) -> None:
    """Write a .env into the folder stood in."""
    Path(".env").write_text(text, encoding="utf-8")


def test_with_nothing_set_it_answers_from_its_own_episodes() -> None:
    settings = read_settings()
    assert settings.episodes_dir == EPISODES
    assert (settings.persona, settings.command_name) == ("Ilya Sutskever", "ilya")


def test_a_setting_is_read_from_env_file() -> None:
    write_env("PERSONA=Zoë Guest\nEPISODES_DIR=episodes\nSOMETHING_ELSE=1\n")
    settings = read_settings()
    assert (settings.persona, settings.episodes_dir) == ("Zoë Guest", Path("episodes"))


def test_the_environment_beats_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("PERSONA=From File\nCOMMAND_NAME=file\n")
    monkeypatch.setenv("PERSONA", "From Environment")
    settings = read_settings()
    assert (settings.persona, settings.command_name) == ("From Environment", "file")


def test_all_faults_are_told_at_once_with_what_each_setting_means(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("COMMAND_NAME=Not A Name\n")
    monkeypatch.setenv("PERSONA", "")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    message = str(caught.value)
    assert "\n" not in message
    assert "PERSONA (whose words are answers): " in message
    assert "COMMAND_NAME (the slash command's name): " in message


def test_an_env_file_that_is_no_utf_8_is_told() -> None:
    Path(".env").write_bytes("PERSONA=Zoë".encode("latin-1"))
    with pytest.raises(SettingsError, match=re.escape(".env is not UTF-8 (byte 10)")):
        read_settings()


@pytest.mark.parametrize("name", ["", "Ilya", "two words", "a" * 33, "/ilya"])
def test_a_command_name_that_a_platform_would_refuse_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COMMAND_NAME", name)
    with pytest.raises(SettingsError, match="COMMAND_NAME"):
        read_settings()


def test_an_empty_line_for_what_is_optional_sets_nothing() -> None:
    write_env("DISCORD_TOKEN=\nSLACK_CLIENT_ID=\nSHARD_COUNT=\nSHARD_IDS=\n")
    settings = read_settings()
    assert (settings.discord_token, settings.slack_client_id, settings.shard_count) == (None, None, None)
    assert settings.shard_ids == ()


@pytest.mark.parametrize("shards", ["0,1", "0 1", " 0, 1 "])
def test_shards_are_read_as_numbers(monkeypatch: pytest.MonkeyPatch, shards: str) -> None:
    monkeypatch.setenv("SHARD_COUNT", "2")
    monkeypatch.setenv("SHARD_IDS", shards)
    assert read_settings().shard_ids == (0, 1)


@pytest.mark.parametrize(("count", "shards"), [("", "0"), ("2", "2"), ("2", "-1"), ("2", "one"), ("0", "")])
def test_shards_that_cannot_be_are_refused(monkeypatch: pytest.MonkeyPatch, count: str, shards: str) -> None:
    monkeypatch.setenv("SHARD_COUNT", count)
    monkeypatch.setenv("SHARD_IDS", shards)
    with pytest.raises(SettingsError, match="SHARD_"):
        read_settings()


def test_the_secrets_are_all_that_must_not_be_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    monkeypatch.setenv("SLACK_TOKEN_KEY", "a-key")
    settings = read_settings()
    assert {"a-token", "a-key", settings.database_url.get_secret_value()} == set(settings.secrets)
    assert "a-token" not in repr(settings)


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().persona = "Another"  # type: ignore[misc]


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_what_opens_a_door_is_kept_secret() -> None:
    secret = {name for name in Settings.model_fields if re.search("token|secret|password", name)}
    assert {name for name in secret if SecretStr.__name__ not in str(Settings.model_fields[name].annotation)} == set()


def test_the_example_lists_every_setting_and_nothing_else() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^#?\s?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)
    assert sorted(listed) == sorted(NAMES)


def test_the_example_shows_the_defaults() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    write_env(example)
    assert read_settings() == Settings(_env_file=None)
    write_env(re.sub(r"^#([A-Z][A-Z0-9_]*=)", r"\1", example, flags=re.MULTILINE))
    shown = read_settings()
    assert (shown.persona, shown.command_name) == ("Ilya Sutskever", "ilya")
    assert (ROOT / shown.episodes_dir).resolve() == EPISODES
