"""Every setting of the program, read from the environment; `.env.example` lists them all (a test compares)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where a home lies and how it is opened. Each field is an environment variable `THIDUA_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="THIDUA_", env_file=None, extra="ignore")

    home: Path = Field(default=ROOT / "var", description="folder of the database, the papers and the seals")
    database_url: str = Field(
        default="", description="SQLAlchemy address; empty means the SQLite file thidua.sqlite3 in the home"
    )
    lang: Literal["vi", "en"] = Field(default="vi", description="language of the terminal: vi or en")
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        default="FULL", description="FULL keeps each receipt through a power cut; NORMAL is faster"
    )
    paper_limit_mb: int = Field(default=50, ge=1, le=2000, description="largest paper taken in, in megabytes")
    page: str = Field(
        default="", description="address of the office's pages; letters link there when it is set"
    )
    page_host: str = Field(
        default="127.0.0.1", description="address on which the pages listen; a loopback keeps them here"
    )
    page_port: int = Field(default=8000, ge=1, le=65535, description="port of the pages on this machine")

    mail_host: str = Field(default="127.0.0.1", description="SMTP server that takes the letters")
    mail_port: int = Field(
        default=8025, ge=1, le=65535, description="its port; the home's own postbox is at 8025"
    )
    mail_security: Literal["plain", "starttls", "tls"] = Field(
        default="plain", description="plain, starttls or tls; plain only on a loopback or inside the office"
    )
    mail_user: str = Field(default="", description="user name at the SMTP server; empty: no sign-in")
    mail_password: SecretStr = Field(default=SecretStr(""), description="password at the SMTP server")
    mail_timeout_s: int = Field(
        default=20, gt=0, le=600, description="longest wait for an answer, in seconds"
    )
    mail_from: str = Field(
        default="thidua@thidua.example", description="the office's own sending address; its domain signs"
    )
    mail_reply_to: str = Field(
        default="", description="where answers go; empty: nowhere but the sending address"
    )
    mail_pace: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="most letters a minute to one domain; 0: as fast as the server takes them",
    )
    mail_dkim_key: str = Field(default="", description="file of the DKIM key (PEM); empty: not signed")
    mail_dkim_selector: str = Field(
        default="thidua", description="DKIM selector under the domain of mail_from"
    )

    prefect_port: int = Field(
        default=4200, ge=1, le=65535, description="port of Prefect's pages on this machine"
    )
    prefect_api: str = Field(
        default="", description="address of another Prefect server; empty: the one of `thidua up`"
    )
    disk_free_mb: int = Field(
        default=1000, ge=0, description="less room than this on the disk of the home is told, in megabytes"
    )

    @cached_property
    def prefect_address(self) -> str:
        """The address of Prefect's interface that is in force."""
        return self.prefect_api.rstrip("/") or f"http://127.0.0.1:{self.prefect_port}/api"

    @cached_property
    def page_here(self) -> str:
        """Where a browser of this machine finds the pages."""
        return self.page or f"http://localhost:{self.page_port}"

    @cached_property
    def seals(self) -> Path:
        """The folder of the seals."""
        return self.home / "seals"

    @cached_property
    def url(self) -> str:
        """The database address that is in force."""
        return self.database_url or f"sqlite:///{self.home / 'thidua.sqlite3'}"
