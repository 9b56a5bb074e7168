"""Every setting of the portal, typed, read from the environment (PORTAL_…)."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

VAR = Path(__file__).parents[1] / "var"


class Streams(StrEnum):
    """Which pages this process group serves."""

    PAGES = "pages"
    STREAMS = "streams"
    BOTH = "both"


class Sms(StrEnum):
    """How messages to phones leave the house."""

    CONSOLE = "console"
    NONE = "none"


class SecondFactor(StrEnum):
    """Whether those who must show a second factor are held to it."""

    REQUIRED = "required"
    OFFERED = "offered"


class Settings(BaseSettings):
    """What the portal must be told. In production nothing unsafe has a default."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore")

    production: bool = False
    database_url: str = f"sqlite:///{VAR / 'portal.db'}"
    secret_key: str = ""
    jobs_path: Path = VAR / "jobs.db"
    streams: Streams = Streams.BOTH
    stream_origin: str = Field(default="", pattern=r"^(https?://[^/]+)?$")
    page_origin: str = Field(default="", pattern=r"^(https?://[^/]+)?$")
    public_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^/]+$")
    source_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    sms: Sms = Sms.CONSOLE
    sms_per_day: int = Field(default=300, ge=0)
    push_private_key: str = Field(default="", pattern=r"^([A-Za-z0-9_-]{43})?$")
    push_contact: str = Field(default="", pattern=r"^((mailto:|https://).+)?$")
    push_test_origin: str = Field(default="", pattern=r"^(https?://[^/]+)?$")
    second_factor: SecondFactor = SecondFactor.OFFERED
    session_days: int = Field(default=30, ge=1, le=365)
    trusted_proxies: int = Field(default=0, ge=0, le=3)

    @model_validator(mode="after")
    def refuse_unsafe(self) -> "Settings":
        """Refuse to start in production with anything that only a try-out may have."""
        if not self.production:
            if not self.secret_key:
                self.secret_key = "for-trying-out-only-never-in-production"  # noqa: S105 -- see above
            return self
        faults = []
        if len(self.secret_key) < 32 or "only" in self.secret_key:
            faults.append("PORTAL_SECRET_KEY must be a random text of at least 32 characters")
        if self.sms is Sms.CONSOLE:
            faults.append("PORTAL_SMS=console prints sign-in codes; name a sender, or none")
        if self.second_factor is not SecondFactor.REQUIRED:
            faults.append("PORTAL_SECOND_FACTOR must be required")
        if self.push_test_origin:
            faults.append("PORTAL_PUSH_TEST_ORIGIN is for tests only")
        if self.push_private_key and not self.push_contact:
            faults.append("PORTAL_PUSH_CONTACT must be a mailto: or https: address")
        if not self.public_url.startswith("https://"):
            faults.append("PORTAL_PUBLIC_URL must begin with https://")
        if faults:
            raise ValueError("; ".join(faults))
        return self
