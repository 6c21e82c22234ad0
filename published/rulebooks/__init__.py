"""Rulebooks as published: what a title takes, its caps, money, papers and grading (`docs/rulebooks.md`)."""

from published.rulebooks.reader import read_rulebook
from published.rulebooks.values import Rulebook

__all__ = ["Rulebook", "read_rulebook"]
