"""Every setting of the program, read from the environment; `.env.example` lists them all (a test compares)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
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

    @cached_property
    def url(self) -> str:
        """The database address that is in force."""
        return self.database_url or f"sqlite:///{self.home / 'thidua.sqlite3'}"
