"""The grading of a rulebook: grades, points, how many may have the highest, who grades."""

from __future__ import annotations

from fractions import Fraction

from kit.strict_yaml import MarkedMap
from published.rulebooks.part import CITED, DAYS, PartReader
from published.rulebooks.values import CAP_PLACES, SUBJECTS, GradeCap, Grading, Points, Said
from rules.record import GRADES

_MOST_UNITS, _HUNDRED = 1000, 100


class GradingReader(PartReader):
    """Reads how people and units are graded each year."""

    def grading(self, tree: MarkedMap) -> Grading | None:
        """The part under `grading`."""
        body = self.inner(tree, "grading")
        if body is None:
            return None
        self.keys(body, "grading", ("grades",), ("points", "caps", "head", "graded_by", "notes"))
        grades = self.names(body, "grades", GRADES, "unknown_grade")
        if "grades" in body and grades != GRADES:
            self.fault(body.line_of("grades"), "grades_out_of_order", grades=list(GRADES))
        head = self.inner(body, "head")
        return Grading(
            grades=grades,
            points=tuple(p for item, _ in self.mappings(body, "points") if (p := self.points(item))),
            caps=tuple(c for item, _ in self.mappings(body, "caps") if (c := self.cap(item))),
            head=self.said(head, "head") if head is not None else None,
            graded_by=tuple(self.said(item, "graded_by") for item, _ in self.mappings(body, "graded_by")),
            notes=tuple(self.said(item, "notes") for item, _ in self.mappings(body, "notes")),
        )

    def points(self, item: MarkedMap) -> Points | None:
        """From how many points on a grade is given."""
        self.keys(item, "points", ("grade", "least", *CITED), DAYS)
        grade = self.choice(item, "grade", GRADES, "unknown_grade")
        least = self.whole(item, "least", _HUNDRED, least=0)
        cited, days = self.cited(item), self.days(item)
        return Points(grade, least, cited, days, item.line) if grade and least is not None else None

    def cap(self, item: MarkedMap) -> GradeCap | None:
        """How many may have a grade."""
        optional = ("or_share", "where", "fewer_than", "at_most", *DAYS)
        self.keys(item, "caps", ("grade", "subject", "share", "of", *CITED), optional)
        for pair in (("or_share", "where"), ("fewer_than", "at_most")):
            if (pair[0] in item) != (pair[1] in item):
                self.fault(item.line, "only_together", keys=list(pair))
        grade = self.choice(item, "grade", GRADES, "unknown_grade")
        subject = self.choice(item, "subject", SUBJECTS, "unknown_subject")
        of = self.choice(item, "of", GRADES, "unknown_grade")
        share = self.share(item)
        found = GradeCap(
            grade,
            subject,
            share or Fraction(1),
            self.share(item, "or_share"),
            self.choice(item, "where", CAP_PLACES, "unknown_cap_place") or None,
            of,
            self.whole(item, "fewer_than", _MOST_UNITS),
            self.whole(item, "at_most", _MOST_UNITS),
            self.cited(item),
            self.days(item),
            item.line,
        )
        return found if grade and subject and of and share else None

    def said(self, item: MarkedMap, what: str) -> Said:
        """Something said for people to read."""
        self.keys(item, what, ("what", *CITED), DAYS)
        return Said(self.label(item, "what", what), self.cited(item), self.days(item), item.line)
