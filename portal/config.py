"""Every setting of the portal, typed, read from the environment (PORTAL_…)."""

import hashlib
import re
from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

VAR = Path(__file__).parents[1] / "var"
SMS_ENDPOINT = "https://sms.tencentcloudapi.com"
WECHAT_DOOR = "https://open.weixin.qq.com"
WECHAT_ENDPOINT = "https://api.weixin.qq.com"


class Streams(StrEnum):
    """Which pages this process group serves."""

    PAGES = "pages"
    STREAMS = "streams"
    BOTH = "both"


class Sms(StrEnum):
    """How messages to phones leave the house."""

    CONSOLE = "console"
    NONE = "none"
    TENCENT = "tencent"


class SecondFactor(StrEnum):
    """Whether those who must show a second factor are held to it."""

    REQUIRED = "required"
    OFFERED = "offered"


class Settings(BaseSettings):
    """What the portal must be told. In production nothing unsafe has a default."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_",
        extra="ignore",
        hide_input_in_errors=True,  # else a fault would print every secret
    )

    production: bool = False
    database_url: str = f"sqlite:///{VAR / 'portal.db'}"
    secret_key: str = ""
    record_key: SecretStr = SecretStr("")
    record_earlier_keys: str = Field(default="", pattern=r"^([0-9a-f]{64}(,[0-9a-f]{64})*)?$")
    jobs_path: Path = VAR / "jobs.db"
    streams: Streams = Streams.BOTH
    stream_origin: str = Field(default="", pattern=r"^(https?://[^/]+)?$")
    page_origin: str = Field(default="", pattern=r"^(https?://[^/]+)?$")
    public_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^/]+$")
    source_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    sms: Sms = Sms.CONSOLE
    sms_per_day: int = Field(default=300, ge=0)
    sms_secret_id: str = ""
    sms_secret_key: SecretStr = SecretStr("")
    sms_app_id: str = Field(default="", pattern=r"^[0-9]*$")
    sms_sign_name: str = ""
    sms_code_template: str = Field(default="", pattern=r"^[0-9]*$")
    sms_notice_template: str = Field(default="", pattern=r"^[0-9]*$")
    sms_region: str = Field(default="ap-guangzhou", pattern=r"^[a-z-]+$")
    sms_endpoint: str = Field(default=SMS_ENDPOINT, pattern=r"^https?://[^/?#@]+$")
    wechat_app_id: str = Field(default="", pattern=r"^[A-Za-z0-9]*$")
    wechat_secret: SecretStr = SecretStr("")
    wechat_door: str = Field(default=WECHAT_DOOR, pattern=r"^https?://[^/?#@]+$")
    wechat_endpoint: str = Field(default=WECHAT_ENDPOINT, pattern=r"^https?://[^/?#@]+$")
    push_private_key: str = Field(default="", pattern=r"^([A-Za-z0-9_-]{43})?$")
    push_contact: str = Field(default="", pattern=r"^((mailto:|https://).+)?$")
    push_test_origin: str = Field(default="", pattern=r"^(https?://[^/]+)?$")
    second_factor: SecondFactor = SecondFactor.OFFERED
    base_map: Path | None = None
    session_days: int = Field(default=30, ge=1, le=365)
    trusted_proxies: int = Field(default=0, ge=0, le=3)

    @property
    def earlier_record_keys(self) -> list[str]:
        """Return the public keys with which this house signed before."""
        return [key for key in self.record_earlier_keys.split(",") if key]

    @model_validator(mode="after")
    def refuse_unsafe(self) -> "Settings":
        """Refuse to start in production with anything that only a try-out may have."""
        if faults := self._half_said():
            raise ValueError("; ".join(faults))
        if not self.production:
            if not self.secret_key:
                self.secret_key = "for-trying-out-only-never-in-production"  # noqa: S105 -- see above
            if not self.record_key.get_secret_value():
                seed = hashlib.sha256(f"record key of {self.secret_key}".encode())
                self.record_key = SecretStr(seed.hexdigest())
            return self
        if faults := [*self._unsafe(), *self._foreign_houses()]:
            raise ValueError("; ".join(faults))
        return self

    def _unsafe(self) -> list[str]:
        """Name what only a try-out may have."""
        secret = (
            len(self.secret_key) >= 32
            and len(set(self.secret_key)) >= 12  # 64 random hexadecimal digits have all 16
            and not any(word in self.secret_key for word in ("only", "try-out"))
        )
        record_key = self.record_key.get_secret_value()
        pushes = not self.push_private_key or self.push_contact
        required = {
            "PORTAL_SECRET_KEY must be a random text of at least 32 characters": secret,
            "PORTAL_RECORD_KEY must be 64 random hexadecimal digits of its own": (
                len(set(record_key)) >= 10 and record_key != self.secret_key
            ),
            "PORTAL_SMS=console prints sign-in codes; name a sender, or none": (
                self.sms is not Sms.CONSOLE
            ),
            "PORTAL_SECOND_FACTOR must be required": self.second_factor is SecondFactor.REQUIRED,
            "PORTAL_PUSH_TEST_ORIGIN is for tests only": not self.push_test_origin,
            "PORTAL_PUSH_CONTACT must be a mailto: or https: address": pushes,
            "PORTAL_PUBLIC_URL must begin with https://": self.public_url.startswith("https://"),
        }
        return [fault for fault, is_met in required.items() if not is_met]

    def _half_said(self) -> list[str]:
        """Name what is missing of a gateway that was chosen."""
        needed = {
            "PORTAL_SMS_SECRET_ID": self.sms_secret_id,
            "PORTAL_SMS_SECRET_KEY": self.sms_secret_key.get_secret_value(),
            "PORTAL_SMS_APP_ID": self.sms_app_id,
            "PORTAL_SMS_SIGN_NAME": self.sms_sign_name,
            "PORTAL_SMS_CODE_TEMPLATE": self.sms_code_template,
            "PORTAL_SMS_NOTICE_TEMPLATE": self.sms_notice_template,
        }
        faults = [
            f"PORTAL_SMS=tencent needs {name}"
            for name, value in needed.items()
            if self.sms is Sms.TENCENT and not value
        ]
        if not re.fullmatch("([0-9a-f]{64})?", self.record_key.get_secret_value()):
            faults.append("PORTAL_RECORD_KEY must be 64 hexadecimal digits in small letters")
        if bool(self.wechat_app_id) != bool(self.wechat_secret.get_secret_value()):
            faults.append("PORTAL_WECHAT_APP_ID and PORTAL_WECHAT_SECRET go together")
        return faults

    def _foreign_houses(self) -> list[str]:
        """Name each house that would get our secrets and is not the one they are for."""
        fixed = {
            "PORTAL_SMS_ENDPOINT": (self.sms_endpoint, SMS_ENDPOINT),
            "PORTAL_WECHAT_DOOR": (self.wechat_door, WECHAT_DOOR),
            "PORTAL_WECHAT_ENDPOINT": (self.wechat_endpoint, WECHAT_ENDPOINT),
        }
        return [
            f"{name} is for tests only; in production it is {ours}"
            for name, (chosen, ours) in fixed.items()
            if chosen != ours
        ]
