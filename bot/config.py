"""Settings from the environment or ``.env``: typed, read once, a clear error at start."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

TWILIO = "https://api.twilio.com"
TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and never shows its value."""


def _base(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url.rstrip("/")


Url = Annotated[str, AfterValidator(_base)]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _encrypted(url: str) -> str:
    if url and urlsplit(url).scheme != "https" and urlsplit(url).hostname not in LOOPBACK:
        raise ValueError("must begin with https://")
    return url


def _bare(number: str) -> str:
    return number.removeprefix("whatsapp:")


EncryptedUrl = Annotated[str, AfterValidator(_base), AfterValidator(_encrypted)]


SHORTEST_TOKEN = 32


class Settings(BaseSettings):
    """Everything that differs from one place to another. A channel without its settings is off."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: str = "sqlite:///instance/drempelvrij.sqlite3"
    public_url: Url = ""
    secret_key: SecretStr = SecretStr("")
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = (
        *("nl", "fr", "en", "ar", "tr", "uk", "ru", "pl", "ro", "es"),
        *("fa", "ps", "ti", "so"),  # prepared: a person with an interpreter answers
    )
    log_level: str = "INFO"
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_number: str = ""
    twilio_whatsapp_number: Annotated[str, AfterValidator(_bare)] = ""
    twilio_api_url: Url = TWILIO

    api_token: SecretStr = SecretStr("")

    two_factor: Literal["optional", "required"] = "optional"
    oidc_issuer: EncryptedUrl = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")

    telegram_token: SecretStr = SecretStr("")
    telegram_secret: SecretStr = SecretStr("")
    telegram_api_url: Url = TELEGRAM

    @property
    def twilio(self) -> bool:
        """Whether SMS and the telephone are on."""
        return bool(self.twilio_account_sid and self.twilio_auth_token.get_secret_value() and self.twilio_number)

    @property
    def whatsapp(self) -> bool:
        """Whether WhatsApp is on, over the same account at Twilio."""
        return bool(
            self.twilio_account_sid and self.twilio_auth_token.get_secret_value() and self.twilio_whatsapp_number
        )

    @property
    def telegram(self) -> bool:
        """Whether Telegram is on. Without a secret its door could not tell Telegram from anybody else."""
        return bool(self.telegram_token.get_secret_value() and self.telegram_secret.get_secret_value())

    @property
    def oidc(self) -> bool:
        """Whether counsellors can log in through the organisation's identity service."""
        return bool(self.oidc_issuer and self.oidc_client_id and self.oidc_client_secret.get_secret_value())

    def missing(self) -> dict[str, list[str]]:
        """The settings each channel, and single sign-on, still lacks, for the line at start."""
        needs = {
            "SMS and telephone": ("twilio_account_sid", "twilio_auth_token", "twilio_number"),
            "WhatsApp": ("twilio_account_sid", "twilio_auth_token", "twilio_whatsapp_number"),
            "Telegram": ("telegram_token", "telegram_secret"),
            "Single sign-on": ("oidc_issuer", "oidc_client_id", "oidc_client_secret"),
        }
        return {
            channel: lacking
            for channel, names in needs.items()
            if (lacking := [name.upper() for name in names if not _plain(getattr(self, name))])
        }


def _plain(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def load() -> Settings:
    """The settings. Raises SettingsError with one line for each that cannot be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [f"{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("\n".join(lines)) from error
    if not settings.secret_key.get_secret_value():
        raise SettingsError("SECRET_KEY: missing; any long random text will do")
    if 0 < len(settings.api_token.get_secret_value()) < SHORTEST_TOKEN:
        raise SettingsError(f"API_TOKEN: at least {SHORTEST_TOKEN} characters")
    if (settings.twilio or settings.whatsapp or settings.telegram) and not settings.public_url:
        raise SettingsError("PUBLIC_URL: missing; signatures are checked against it")
    if settings.oidc and not settings.public_url:
        raise SettingsError("PUBLIC_URL: missing; the identity service sends people back to it")
    return settings
