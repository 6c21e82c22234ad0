"""What the rulebooks say of nominations: records loaded, verdicts kept, reopened when a fact was corrected."""
