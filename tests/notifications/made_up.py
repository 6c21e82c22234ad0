"""Facts of letters, plainly invented, one item and many, for every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from notifications.letter import LetterFacts, LetterItem
from notifications.render import kinds_of_letters
from notifications.stop import Stop
from notifications.words import say

DAY = date(2025, 6, 27)
PAGE = "https://thidua.example"
NOON = datetime(2025, 6, 26, 3, 32, tzinfo=UTC)

_TEXTS: dict[str, dict[str, Any]] = {
    "vi": {
        "reader": "Nguyễn Văn Mẫu",
        "office": "Phòng Giáo dục và Đào tạo huyện Mẫu",
        "unit": "Trường Tiểu học Mẫu {n}",
        "state": "Phòng GDĐT thẩm định sơ bộ",
        "detail": "đã gửi: 3; còn chờ gửi: 12; máy chủ thư không trả lời",
        "desk": "Phòng Giáo dục và Đào tạo",
        "milestone": "Hoàn thiện hồ sơ",
        "owed": "hồ sơ đề nghị khen thưởng đã được hội đồng trường thông qua, nộp về Phòng",
        "actor": "Trần Thị Mẫu",
        "acted_at": "Phòng Giáo dục và Đào tạo",
        "reason": "Thiếu biên bản họp hội đồng trường.\nBáo cáo thành tích của 2 cá nhân chưa có xác nhận.",
        "body": "Ủy ban nhân dân huyện Mẫu",
        "duty": "Chuyên viên thẩm định",
        "other": "Lê Văn Thử",
        "bloc": "Khối thi đua Tiểu học Mẫu",
        "prize": "Cờ thi đua của Ủy ban nhân dân tỉnh",
        "place": "Phòng họp số 1, trụ sở Ủy ban",
        "ask": "thủ trưởng Phòng Giáo dục và Đào tạo huyện Mẫu",
        "titles": (
            ("Phạm Thị Mẫu", "Chiến sĩ thi đua cơ sở", "được công nhận"),
            ("Đỗ Văn Thử", "Lao động tiên tiến", "không được công nhận"),
        ),
        "way": ("Trường", "Khối thi đua", "Phòng GDĐT", "Phòng Nội vụ", "Quyết định"),
    },
    "en": {
        "reader": "Nguyễn Văn Mẫu",
        "office": "Sample district office of education",
        "unit": "Sample primary school {n}",
        "state": "Preliminary appraisal by the education office",
        "detail": "sent: 3; left to be sent: 12; the mail server gives no answer",
        "desk": "Education office",
        "milestone": "Dossiers completed",
        "owed": "dossiers passed by the school council, handed in to the office",
        "actor": "Trần Thị Mẫu",
        "acted_at": "Education office",
        "reason": "The minutes of the school council are missing.\nTwo achievement reports are not confirmed.",
        "body": "the People's Committee of Sample district",
        "duty": "Appraiser",
        "other": "Lê Văn Thử",
        "bloc": "Sample bloc of primary schools",
        "prize": "Provincial emulation flag",
        "place": "meeting room 1",
        "ask": "the head of the education office of Sample district",
        "titles": (
            ("Phạm Thị Mẫu", "Grassroots fighter", "awarded"),
            ("Đỗ Văn Thử", "Advanced labourer", "not awarded"),
        ),
        "way": ("School", "Bloc", "Education office", "Interior Affairs", "Decision"),
    },
}
_MARKS = ("done", "done", "here", "next", "next")
# Which day is due depends on what the kind says of it.
_DUE = {
    "overdue": date(2025, 6, 25),
    "escalation": date(2025, 6, 20),
    "lapsed": date(2025, 6, 25),
    "lapse_warning": date(2025, 6, 28),
    "extension": date(2025, 7, 5),
    "dates_moved": date(2025, 7, 4),
}
_COMMANDS = {
    "ready": "thidua appraise th-mau-{n}.2425.1 --support-rest",
    "returned": "thidua resubmit th-mau-{n}.2425.1",
    "deadline": "thidua hand-in th-mau-{n}.2425.1",
    "lapse_warning": "thidua hand-in th-mau-{n}.2425.1",
    "overdue": "thidua hand-in th-mau-{n}.2425.1",
    "dates_moved": "thidua calendar fulfil th-mau-{n} dossier-completion --calendar 2024-2025",
    "mail_trouble": "thidua letters list",
    "delegation": "thidua duty list",
    "reset": "thidua account link mau-{n}",
    "password_changed": "thidua account link mau-{n}",
    "sheet_waits": "thidua bloc show khoi-mau --year 2024-2025",
    "ranking": "thidua bloc ranking khoi-mau --year 2024-2025",
    "council_called": "thidua councils session {n}",
    "council_written": "thidua councils session {n}",
    "council_result": "thidua councils session {n}",
}


def item(kind: str, lang: str, number: int = 1) -> LetterItem:
    """An item with everything that its kind may tell; the days and the unit differ with ``number``."""
    texts = _TEXTS[lang]
    due = _DUE.get(kind, date(2025, 6, 30))
    due = due.replace(day=min(due.day + number // 15, 30))
    full = LetterItem(
        subject=f"dossier:{number}",
        dossier=f"th-mau-{number}.2425.1",
        unit=texts["unit"].format(n=number),
        level="local",
        state=texts["state"],
        desk=texts["desk"],
        nominations=11 + number,
        open_objections=number,
        milestone=texts["milestone"],
        owed=texts["owed"],
        due=due,
        days_left=(due - DAY).days,
        planned=date(2025, 6, 30),
        before=date(2025, 6, 30),
        opens=date(2025, 6, 1),
        actor=texts["actor"],
        at=NOON,
        acted_at=texts["acted_at"],
        reason=texts["reason"],
        number=f"{number}/QĐ-MAU",
        decided_on=date(2025, 6, 26),
        body=texts["body"],
        receipt=f"MAU-{number:04}",
        titles=texts["titles"],
        duty=texts["duty"],
        lent_to_reader=number % 2 == 1,
        other="nguoi.mau@truong.example" if kind == "mail_trouble" else texts["other"],
        since=date(2025, 6, 28),
        until=date(2025, 7, 12),
        account=f"mau-{number}",
        trouble="sample_trouble",
        count=number,
        flow="deliver",
        detail=texts["detail"],
        bloc=texts["bloc"],
        school_year="2024-2025",
        sheets=3 + number,
        rank=number,
        prize=texts["prize"],
        place=texts["place"],
        ask=texts["ask"],
        way=tuple(Stop(label, mark) for label, mark in zip(texts["way"], _MARKS, strict=True)),
        path=f"/dossiers/th-mau-{number}.2425.1",
        command=_COMMANDS.get(kind, "thidua dossier show th-mau-{n}.2425.1").format(n=number),
    )
    if kind == "mail_trouble":
        full = replace(full, path="/letters", reason=None, until=None)
    if kind == "delegation":
        full = replace(full, path="/duties", reason=None)
    if kind == "reset":
        full = replace(full, path="/link/made-up")
    if kind == "password_changed":
        full = replace(full, path="/reset")
    if kind.startswith("council_"):
        full = replace(full, path=f"/sessions/{number}", actor=None, acted_at=None)
    kept = kinds_of_letters()[kind]
    given = kept.must | kept.may
    blank = LetterItem(subject=full.subject)
    return replace(full, **{f: getattr(blank, f) for f in LetterItem.__slots__ if f not in given})


def letter(kind: str, lang: str, items: int = 1, page: str = "") -> LetterFacts:
    """A letter of ``items`` made-up items."""
    texts = _TEXTS[lang]
    return LetterFacts(
        kind=kind,
        lang=lang,
        day=DAY,
        reader=texts["reader"],
        office=texts["office"],
        items=tuple(item(kind, lang, n) for n in range(items, 0, -1)),
        page=page,
    )


#: the word of the made-up trouble, in a catalogue that the tests lay over the real one
TROUBLE = {"vi": "Máy chủ thư không trả lời", "en": "The mail server gives no answer"}


#: kinds that tell of what a movement asks for
OF_MOVEMENTS = ("deadline", "overdue", "escalation", "extension")


def movement_letter(kind: str, lang: str, page: str) -> LetterFacts:
    """A letter of one item about the answer that a movement asks for."""
    texts, (first,) = _TEXTS[lang], letter(kind, lang).items
    told = {"theme": "Đổi mới, sáng tạo trong dạy và học", "unit": texts["office"]}
    owed = {"milestone": say("movements.answer", told, lang), "owed": say("movements.answer_due", told, lang)}
    given = kinds_of_letters()[kind].must | kinds_of_letters()[kind].may
    looking = "thidua calendar owed --unit th-mau-1 --calendar movement-doi-moi --milestone answer-school"
    about = replace(
        first,
        subject="obligation:1",
        # Nothing of a dossier: what is owed is the unit's own.
        **{f: None for f in ("dossier", "level", "state", "desk", "nominations") if f not in _needed(kind)},
        **{field: text for field, text in owed.items() if field in given},
        way=(),
        path="/movements/doi-moi",
        command=looking if kind == "escalation" else "thidua movement launch th-mau-1 … --answers doi-moi",
    )
    return replace(letter(kind, lang, page=page), items=(about,))


def _needed(kind: str) -> frozenset[str]:
    return frozenset(kinds_of_letters()[kind].must)
