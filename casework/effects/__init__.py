"""What an event writes beside the state: opinions, outcomes, decisions, awards, scores. One file per event."""
