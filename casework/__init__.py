"""Acts: each loads facts, decides by `states` and `rules`, and writes state, history and outbox in one transaction."""
