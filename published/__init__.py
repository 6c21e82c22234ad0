"""What the office publishes apart from procedures, read from its files: calendars and titles, as values."""
