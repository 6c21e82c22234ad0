"""What letters hold of a person who is erased: address, text, and what mail servers said of the address."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from casework.letters.tables import ATTEMPT, LETTER, SUPPRESSED


def erase_letters(connection: Connection, person: int) -> None:
    """Empty the letters to a person; that there was a letter, when and with what answer, stays.

    One that waits is retracted. One that a postman has in hand at this very moment arrives; its row is emptied all
    the same.
    """
    mine = LETTER.c.person_id == person
    letters = select(LETTER.c.id).where(mine)
    connection.execute(delete(SUPPRESSED).where(SUPPRESSED.c.letter_id.in_(letters)))
    connection.execute(update(ATTEMPT).where(ATTEMPT.c.letter_id.in_(letters)).values(detail=""))
    waits = update(LETTER).where(mine, LETTER.c.standing.in_(("queued", "failed")))
    connection.execute(waits.values(standing="retracted", trouble="person_erased"))
    connection.execute(update(LETTER).where(mine).values(address="", subject="", mime=b"", digest=None))
