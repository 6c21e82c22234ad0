"""The calendar of 2024-2025 with ladders that a test chooses, and days told plainly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from casework.outbox import OUTBOX
from casework.publish import publish
from casework.tick import TickReport, tick
from tests.build import ROOT, Office
from tests.trees import as_text, tree_of

LADDER = {"count": "calendar_days", "days": [-14, -7, -3, -1, 0, 1, 3]}
ABOVE = {"after": 5, "count": "working_days", "to": {"unit": "education_office", "duty": ["office_head"]}}
HOLIDAYS = """
holidays: 2025
source: thử
verified: false
days:
  2025-01-01: {vi: Tết Dương lịch, en: New Year's Day}
  2025-01-27: {vi: Tết, en: Tết}
  2025-01-28: {vi: Tết, en: Tết}
  2025-01-29: {vi: Tết, en: Tết}
  2025-01-30: {vi: Tết, en: Tết}
  2025-01-31: {vi: Tết, en: Tết}
  2025-04-30: {vi: Ngày Chiến thắng, en: Reunification Day}
  2025-05-01: {vi: Quốc tế Lao động, en: Labour Day}
"""


def plan(**milestones: dict[str, Any]) -> bytes:
    """The real calendar with some milestones changed (underscores for hyphens); others neither remind nor lapse."""
    tree = tree_of(ROOT / "regulations/calendars/2024-2025.yaml")
    for name, body in tree["milestones"].items():
        for key in ("remind", "escalate", "warn_from", "announce_opening", "own_dates", "on_day_off"):
            body.pop(key, None)
        if "steps" in body.get("met_by", ["steps"]):
            body["met_by"] = ["steps"]
        body.update({"unmet": "red"} | milestones.get(name.replace("-", "_"), {}))
    return as_text(tree)


def publish_plan(office: Office, day: str = "2024-08-02", **milestones: dict[str, Any]) -> None:
    """Publish the calendar so changed, and the holidays of 2025."""
    publish(office.database, "calendar", plan(**milestones), office.call(None, day))
    publish(office.database, "holidays", HOLIDAYS.encode(), office.call(None, day))


def at(moment: str) -> datetime:
    """A local day, or a local moment, as an instant; a day means seven in the morning."""
    text = moment if "T" in moment else f"{moment}T07:00:00"
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


def tick_on(office: Office, moment: str) -> TickReport:
    """One tick."""
    return tick(office.database, at(moment))


def told(office: Office, report: TickReport) -> list[tuple[str, str, int]]:
    """(person, kind, rung) of what a tick enqueued."""
    names = {person: code for code, person in office.people.items()}
    return sorted((names[r.person], r.kind, r.rung) for r in report.reminders)


def items(office: Office, *kinds: str) -> list[dict[str, Any]]:
    """The items of the outbox, of some kinds."""
    with office.database.read() as connection:
        rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.key)).mappings().all()
    return [dict(row) for row in rows if not kinds or row["kind"] in kinds]
