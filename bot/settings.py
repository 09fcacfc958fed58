"""The settings: the environment, then .env; read once, all faults told at once."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""Where the project's own episodes are."""


class Settings(BaseSettings):
    """What can be set from outside; .env.example explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    episodes_dir: Path = Field(SEEDS / "episodes", description="the folder that holds the editions (*.md)")
    persona: str = Field("Ilya Sutskever", min_length=1, max_length=60, description="whose words are answers")
    command_name: str = Field("ilya", pattern=r"^[-_a-z0-9]{1,32}$", description="the slash command's name")
    database_url: SecretStr = Field(
        SecretStr("sqlite+aiosqlite:///data/ilya.db"), description="where the bot keeps what it remembers"
    )


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
            name = str(fault["loc"][0])
            means = Settings.model_fields[name].description
            faults.append(f"{name.upper()} ({means}): {fault['msg']}")
        raise SettingsError("Some settings cannot be used. " + "; ".join(faults)) from None
