"""Settings from the environment or a `.env` file."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.limits import DEFAULT_RATE

PREFIX = "WHYFOLIO_"
RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")


def _database_url(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("expected sqlite:///FILE or postgresql://user:password@host/database")
    return url


def _rate(text: str) -> str:
    if not RATE.fullmatch(text):
        raise ValueError("expected a number of requests and second, minute, hour or day, such as 600/minute")
    return text


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]


class Settings(BaseSettings):
    """Every setting, with its default for one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    database_url: DatabaseUrl = "sqlite:///whyfolio.db"
    read_database_url: DatabaseUrl | None = None
    kafka_servers: str | None = None
    kafka_topic: str = "whyfolio.events.v1"
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    rate_limit: Annotated[str, AfterValidator(_rate)] = DEFAULT_RATE


class WrongSetting(Exception):
    """A setting has a value that cannot be used; the text names it and what was expected."""


def read_settings() -> Settings:
    """The settings of this process. Raises `WrongSetting`."""
    try:
        settings = Settings()
    except ValidationError as error:
        sentences = [
            f"{PREFIX}{str(each['loc'][0]).upper()}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        ]
        raise WrongSetting("; ".join(sentences)) from None
    return settings
