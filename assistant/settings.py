"""Settings: what whoever runs the assistant may choose, from the environment or a `.env` file."""

import re
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.validation import explain_error
from ingest.refusal import Refusal

# Sheets and prompts stand beside the packages, in a clone as in an installation.
ROOT = Path(__file__).parent.parent


class SettingsWrong(Refusal):
    """A setting has a value that cannot be used; the message names it, in French."""


class Settings(BaseSettings):
    """Every setting, with its default. `.env.example` explains each one; a test compares the two."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    data_dir: Path = Path("var")
    source: str = str(ROOT / "sheets")
    layout: str = "decider-ensemble"
    pdf_dir: Path | None = None
    pdf_passwords: dict[str, SecretStr] = Field(default_factory=dict)
    embedding_model: str = "multilingual-e5-small"
    llm: str = ""
    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=20.0, gt=0)
    prompts_dir: Path = ROOT / "prompts"
    centre_name: str = "Centre de ressources de Décider ensemble"
    contact: str = "contact@deciderensemble.com"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    widget_origins: tuple[str, ...] = ()

    @property
    def models_dir(self) -> Path:
        """Where embedding models are written."""
        return self.data_dir / "models"

    @property
    def index_dir(self) -> Path:
        """Where the versions of the index are written."""
        return self.data_dir / "index"


def read_settings(**chosen: str | int | Path | None) -> Settings:
    """The settings, those given here winning over the environment, or raise SettingsWrong."""
    try:
        return Settings.model_validate({name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        # A list or a mapping that is not JSON is told without its place.
        unread = re.search(r'field "(\w+)"', first["msg"])
        name = unread[1] if unread else str(first["loc"][0])
        reason = "une valeur en JSON est attendue" if unread else explain_error(first)
        raise SettingsWrong(f"Réglage ASSISTANT_{name.upper()} : {reason}. Voyez .env.example.") from error
