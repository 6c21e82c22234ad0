"""Councils: formed and filled, called to sessions, voting by ballot, and what their votes come to."""
