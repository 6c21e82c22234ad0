"""The law at work: which rulebook applies, and what it says of whom (`docs/rulebooks.md`, `docs/verdicts.md`)."""
