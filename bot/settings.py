"""The settings: the environment, then .env; read once, all faults told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""Where the project's own episodes are."""

HTTP = r"^https?://[^\s/]+"


class Settings(BaseSettings):
    """What can be set from outside; .env.example explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    episodes_dir: Path = Field(SEEDS / "episodes", description="the folder that holds the editions (*.md)")
    persona: str = Field("Ilya Sutskever", min_length=1, max_length=60, description="whose words are answers")
    command_name: str = Field("ilya", pattern=r"^[-_a-z0-9]{1,32}$", description="the slash command's name")
    discord_token: SecretStr | None = Field(None, description="the Discord bot's token; none: no Discord")
    discord_api_url: str = Field(
        "https://discord.com/api/v10", pattern=HTTP, description="where Discord's REST API is, or a proxy of it"
    )
    shard_count: int | None = Field(None, ge=1, description="of how many shards the Discord bot consists")
    shard_ids: Annotated[tuple[int, ...], NoDecode] = Field((), description="which shards this process runs")
    cooldown: float = Field(0.0, ge=0, le=3600, description="seconds between two questions of a user; 0: none")
    slack_bot_token: SecretStr | None = Field(None, description="the Slack bot's token (xoxb-…)")
    slack_app_token: SecretStr | None = Field(None, description="the app-level token (xapp-…) for Socket Mode")
    slack_signing_secret: SecretStr | None = Field(None, description="the signing secret, for HTTP mode")
    slack_client_id: str | None = Field(None, description="the client id, to install into many workspaces")
    slack_client_secret: SecretStr | None = Field(None, description="the client secret, to install into many")
    slack_api_url: str = Field("https://slack.com/api/", pattern=HTTP, description="where Slack's Web API is")
    slack_token_key: SecretStr | None = Field(None, description="the Fernet key that workspaces' tokens are kept under")
    host: str = Field("0.0.0.0", description="the address that Slack's HTTP mode listens on")  # noqa: S104 - as hosts with a Procfile expect
    port: int = Field(3000, ge=0, le=65535, description="the port that Slack's HTTP mode listens on")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")
    log_format: Literal["text", "json"] = Field("text", description="how it is logged: text, or JSON a line")
    database_url: SecretStr = Field(
        SecretStr("sqlite+aiosqlite:///data/ilya.db"), description="where the bot keeps what it remembers"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _take_empty_for_unset(cls, value: object, info: ValidationInfo) -> object:
        """Take a line such as `DISCORD_TOKEN=` in .env for none, but for what must not be empty."""
        needed = ("persona", "command_name")
        is_unset = value == "" and info.field_name not in needed
        return cls.model_fields[info.field_name or ""].default if is_unset else value

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_shards(self) -> Self:
        if len(set(self.shard_ids)) < len(self.shard_ids):
            raise ValueError("SHARD_IDS names a shard twice")
        if self.shard_ids and (
            not self.shard_count or max(self.shard_ids) >= self.shard_count or min(self.shard_ids) < 0
        ):
            raise ValueError("SHARD_IDS are numbers from 0, each less than SHARD_COUNT")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Whatever must never be in a log."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def read_settings() -> Settings:
    """Read the settings. Raises SettingsError that names every fault."""
    try:
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsError(f"The file .env is not UTF-8 (byte {error.start}). Save it as UTF-8 text.") from None
    except OSError as error:
        raise SettingsError(f"The file .env cannot be read ({error.strerror}).") from None
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            if not fault["loc"]:
                faults.append(fault["msg"])
                continue
            name = str(fault["loc"][0])
            means = Settings.model_fields[name].description
            faults.append(f"{name.upper()} ({means}): {fault['msg']}")
        raise SettingsError("Some settings cannot be used. " + "; ".join(faults)) from None
