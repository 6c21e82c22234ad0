"""The kinds of unit that a published calendar or catalogue may name.

`school` stands for every kind of school. A list of its own, because a misspelt kind would owe a milestone,
or decide a title, that no unit ever has: nothing would fail, and nobody would be reminded.
"""

from __future__ import annotations

UNIT_KINDS = (
    "school",
    "bloc",
    "education_office",
    "interior_office",
    # Since 1 July 2025 the commune's one office for education and home affairs.
    "culture_society_office",
    "emulation_council",
    "people_committee",
    "education_department",
    "interior_department",
    "provincial_council",
    "province_committee",
    "party_committee",
    "ministry",
    "state",
)
