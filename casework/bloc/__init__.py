"""A bloc's year: one act a file, all in the chain of the bloc and the year."""
