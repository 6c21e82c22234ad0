"""When each flow runs by itself, as a table: Prefect is given it, and who shows the year reads it without Prefect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.windows import day_start, local_day

_DAY = timedelta(days=1)
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Every:
    """Each so many minutes, counted from the full hour; ``minutes`` divides it."""

    minutes: int

    @property
    def cron(self) -> str:
        """As Prefect takes it, in Viet Nam's time."""
        return f"*/{self.minutes} * * * *"

    def next_after(self, instant: datetime) -> datetime:
        """The first hour of it after an instant."""
        full = instant.replace(minute=0, second=0, microsecond=0)
        passed = int((instant - full).total_seconds() // _MINUTE)
        return full + timedelta(minutes=(passed // self.minutes + 1) * self.minutes)


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a local time."""

    hour: int
    minute: int

    @property
    def cron(self) -> str:
        """As Prefect takes it, in Viet Nam's time."""
        return f"{self.minute} {self.hour} * * *"

    def next_after(self, instant: datetime) -> datetime:
        """The first hour of it after an instant."""
        today = day_start(local_day(instant)) + timedelta(hours=self.hour, minutes=self.minute)
        return today if today > instant else today + _DAY


Hours = Every | Daily

#: in the order in which a day needs them
HOURS: dict[str, Hours] = {
    "tick": Every(15),
    "deliver": Every(2),
    "seal": Daily(23, 30),
    "watch": Every(10),
    "open_year": Daily(6, 30),
}
#: made up for at once where today's is lacking: what runs once a day, and the tick, without which a day is missed
MADE_UP_FOR = frozenset({"tick", *(name for name, hours in HOURS.items() if isinstance(hours, Daily))})
