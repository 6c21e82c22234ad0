"""Every number of sign-in, in one place; `docs/sign-in.md` says why each is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

# --- How long ------------------------------------------------------------------------------------------------

#: a sign-in that is not used for so long is over; however much it is used, it is over after `LONGEST`
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
#: that it was used is written down at most this often
SEEN_EVERY = timedelta(minutes=5)
#: a network from which the owner has signed in within this time is known
KNOWN_FOR = timedelta(days=30)
#: how long a link may be used, by its purpose
LINK_LASTS = {
    "first_administrator": timedelta(hours=24),
    "invite": timedelta(days=7),
    "reset": timedelta(hours=1),
}
#: within this time after a reset was asked for, asking again makes no second letter
RESET_AGAIN = timedelta(minutes=10)

# --- Passwords -----------------------------------------------------------------------------------------------

PASSWORD_LEAST, PASSWORD_MOST = 10, 200
#: at most so many at once in one process: 256 MiB, whoever floods the door
HASHES_AT_ONCE = 4
#: Argon2id: passes, memory in KiB, lanes (RFC 9106, second recommended choice)
ARGON2 = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4}

# --- Rates ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` failures cost nothing; then one waits ``first``, and twice as long after each, at most ``most``.

    What failed longer ago than ``within`` is forgotten.
    """

    free: int
    first: timedelta
    most: timedelta
    within: timedelta

    def wait(self, failures: int) -> timedelta:
        """How long to wait after the last of some failures."""
        if failures < self.free:
            return timedelta(0)
        return min(self.first * 2 ** min(failures - self.free, 20), self.most)


#: one name from one network
PAIR = Limit(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(days=1))
#: any names from one network: a school's people share one
NETWORK = Limit(30, timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1))
#: one name from all networks that are strange to its owner; only these wait
STRANGERS = Limit(50, timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1))
#: resets asked for from one network
RESETS = Limit(10, timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1))
#: older attempts are deleted
ATTEMPT_LASTS = max(limit.within for limit in (PAIR, NETWORK, STRANGERS, RESETS))
