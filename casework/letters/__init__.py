"""Letters on their way: items become letters, letters are handed to the mail server, and its answers are kept."""
