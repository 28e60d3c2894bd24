"""Settings: what whoever runs the assistant may choose, from the environment or a `.env` file."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.validation.messages import explain_error
from assistant.validation.origin import read_origin
from index.encoding.adapter import find_adapter, name_model
from ingest.refusal import Refusal
from language.shapes import EMAIL

# Sheets and prompts stand beside the packages, in a clone as in an installation.
ROOT = Path(__file__).parent.parent
_SHORTEST_SECRET = 16  # characters
_EMPTY_SAYS_SOMETHING = frozenset({"limit_visitor", "limit_site"})  # no limit


class SettingsWrong(Refusal):
    """A setting has a value that cannot be used; the message names it, in French."""


class Settings(BaseSettings):
    """Every setting, with its default. `.env.example` explains each one; a test compares the two."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    data_dir: Path = Path("var")
    source: str = str(ROOT / "sheets")
    layout: str = ""
    private_sources: bool = False
    pdf_dir: Path | None = None
    pdf_passwords: Annotated[dict[str, SecretStr], NoDecode] = Field(default_factory=dict)
    embedding_model: str = "multilingual-e5-small"
    adapter: str = ""
    llm: str = ""
    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=20.0, gt=0)
    llm_context: int | None = Field(default=None, ge=2048)
    llm_strict: bool = False
    llm_review: bool = False
    checker_model: str = ""
    propose_questions: bool = False
    golden: Path | None = None
    reindex_every: Annotated[timedelta | None, NoDecode] = None
    index_age: Annotated[timedelta | None, NoDecode] = None
    alert_mail: Annotated[tuple[str, ...], NoDecode] = ()
    versions_kept: int = Field(default=5, ge=2, le=100)
    prompts_dir: Path = ROOT / "prompts"
    centre_name: str = "Centre de ressources de Décider ensemble"
    contact: str = "contact@deciderensemble.com"
    public_url: str = ""
    publisher: str = ""
    publisher_details: str = ""
    publication_director: str = ""
    hosting: str = ""
    accessibility_audit: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    database_url: SecretStr = SecretStr("")
    keep_questions: bool = True
    retention_days: int = Field(default=90, ge=1, le=3650)
    link_days: int = Field(default=365, ge=0, le=3650)
    index: Literal["files", "postgresql"] = "files"
    database_read_url: SecretStr = SecretStr("")
    database_members_url: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    admin_token: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    log_form: Literal["text", "json"] = "text"
    answers_at_once: int = Field(default=64, ge=1)
    metrics_token: SecretStr = SecretStr("")
    otlp_endpoint: str = ""
    widget_origins: Annotated[tuple[str, ...], NoDecode] = ()
    api_origins: Annotated[tuple[str, ...], NoDecode] = ()
    limit_visitor: str = "60/minute;600/hour"
    limit_site: str = "300/minute;5000/hour"
    open_conversations: int = Field(default=20, ge=1)
    all_conversations: int = Field(default=1000, ge=1)
    member_session: Annotated[timedelta, NoDecode] = timedelta(days=30)
    member_sites: Annotated[dict[str, SecretStr], NoDecode] = Field(default_factory=dict)
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_claim: str = ""
    oidc_name: str = "Compte de mon organisation"

    @field_validator("reindex_every", "index_age", mode="before")
    @classmethod
    def _read_delay(cls, value: object) -> object:
        """ "30min", "6h", "1j"; empty for never."""
        if not isinstance(value, str):
            return value
        found = re.fullmatch(r"\s*(\d+)\s*(s|min|h|j|d)\s*", value, re.IGNORECASE)
        if value.strip() and (not found or int(found[1]) == 0):
            raise ValueError("écrivez un nombre suivi de min, h ou j : 30min, 6h, 1j")
        units = {"s": "seconds", "min": "minutes", "h": "hours", "j": "days", "d": "days"}
        return timedelta(**{units[found[2].lower()]: int(found[1])}) if found else None

    @field_validator("alert_mail", mode="before")
    @classmethod
    def _read_addresses(cls, value: object) -> object:
        """ "equipe@exemple.fr, astreinte@exemple.fr"."""
        if not isinstance(value, str):
            return value
        addresses = tuple(part for part in re.split(r"[\s,;]+", value) if part)
        if wrong := next((each for each in addresses if not EMAIL.fullmatch(each)), ""):
            raise ValueError(f"{wrong!r} n'est pas une adresse électronique")
        return addresses

    @field_validator("member_session", mode="before")
    @classmethod
    def _read_length(cls, value: object) -> object:
        """ "12h", "30j"."""
        length = cls._read_delay(value)
        if length is None:
            raise ValueError("écrivez un nombre suivi de min, h ou j : 12h, 30j")
        return length

    @field_validator("public_url", "otlp_endpoint", "oidc_issuer", "llm_base_url")
    @classmethod
    def _read_address(cls, value: str) -> str:
        """An address of the web, without its last slash; empty when each request tells it."""
        if value and not re.fullmatch(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", value):
            raise ValueError("écrivez une adresse complète, comme https://assistant.exemple.fr")
        return value.rstrip("/")

    @field_validator("secret", "admin_token", "webhook_secret", "metrics_token")
    @classmethod
    def _check_secret(cls, value: SecretStr) -> SecretStr:
        """What nobody guesses, since it can be tried without end; empty for none."""
        written = value.get_secret_value()
        if written and len(written.strip()) < _SHORTEST_SECRET:
            raise ValueError(
                f"au moins {_SHORTEST_SECRET} caractères tirés au hasard, que donne la commande "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return value

    @field_validator("widget_origins", "api_origins")
    @classmethod
    def _read_origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        """Exact origins, each once."""
        return tuple(dict.fromkeys(read_origin(value) for value in values))

    @field_validator("limit_visitor", "limit_site")
    @classmethod
    def _read_limit(cls, value: str) -> str:
        """ "60/minute;600/hour"; empty for no limit."""
        from limits import parse_many  # noqa: PLC0415 - `--help` reads no setting

        try:
            valid = not value or all(item.amount for item in parse_many(value))
        except ValueError:
            valid = False
        if not valid:
            raise ValueError("écrivez des nombres par durée, comme 60/minute;600/hour, ou rien")
        return value

    @field_validator("pdf_passwords", "widget_origins", "api_origins", "member_sites", mode="before")
    @classmethod
    def _read_json(cls, value: object) -> object:
        """A list or a mapping is written in JSON."""
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError("une valeur en JSON est attendue") from error

    # Before the others, which run from the last to the first.
    @field_validator("*", mode="before")
    @classmethod
    def _keep_default(cls, value: object, info: ValidationInfo) -> object:
        """A line left empty in `.env` changes nothing: an empty path would be the working directory."""
        empty = isinstance(value, str) and not value.strip() and info.field_name not in _EMPTY_SAYS_SOMETHING
        return cls.model_fields[str(info.field_name)].get_default(call_default_factory=True) if empty else value

    @property
    def model_name(self) -> str:
        """The embedding model as an index names it, its adapter told; raises AdapterWrong."""
        return name_model(self.embedding_model, find_adapter(self.embedding_model, self.adapter))

    @property
    def models_dir(self) -> Path:
        """Where embedding models are written."""
        return self.data_dir / "models"

    @property
    def sources_dir(self) -> Path:
        """Where what is fetched from elsewhere is kept."""
        return self.data_dir / "sources"

    @property
    def index_dir(self) -> Path:
        """Where the versions of the index are written."""
        return self.data_dir / "index"

    @property
    def notes_dir(self) -> Path:
        """Where the notes of staff are, which replace those that come with the product."""
        return self.data_dir / "notions"


def unknown_settings() -> list[str]:
    """Variables of the environment or of `.env` that look like settings and are none: misspelt, most often."""
    file = Path(".env")
    written = dotenv_values(file).keys() if file.is_file() else ()
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in {*os.environ, *written} if name.startswith("ASSISTANT_") and name not in known)


def read_settings(**chosen: str | int | Path | None) -> Settings:
    """The settings, those given here winning over the environment, or raise SettingsWrong."""
    try:
        return Settings.model_validate({name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = str(first["loc"][0]).upper()
        raise SettingsWrong(f"Réglage ASSISTANT_{name} : {explain_error(first)}. Voyez .env.example.") from error
