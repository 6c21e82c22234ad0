"""Who may sign in: accounts, sign-ins, one-time links, and what slows a guesser down. All by real time."""
