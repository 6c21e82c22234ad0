"""What a title takes, asked of the rows of this office: records loaded, verdicts taken, re-opened and explained."""
