"""Who draws up plans for movements: a kind of unit, and the duties that count there.

No text says who may: it is the trade's practice, read off plans that provinces, districts, offices and schools signed
(docs/movements.md). A kind of unit that is missing launches none and is asked for none.
"""

from __future__ import annotations

PLANNERS: dict[str, tuple[str, ...]] = {
    "province_committee": ("chairman", "vice_chairman"),
    "people_committee": ("chairman", "vice_chairman"),
    "education_department": ("office_head", "ministry_branch"),
    "interior_department": ("office_head", "province_appraiser"),
    "education_office": ("office_head", "appraiser"),
    "interior_office": ("office_head", "reviewer"),
    "culture_society_office": ("office_head", "appraiser", "reviewer"),
    "bloc": ("bloc_head", "bloc_deputy"),
    "school": ("principal", "clerk"),
}
