"""A paper to keep: sent as a file once its bytes were found sound, never shown within a page of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from starlette.responses import Response, StreamingResponse

from web.errors import NotFound
from web.visit import Visit

_PIECE = 1 << 18


class Stored(Protocol):
    """Where the bytes of a paper are, and its name as part of an address."""

    @property
    def sha256(self) -> str: ...
    @property
    def quoted(self) -> str: ...


def kept(visit: Visit, stored: Stored | None) -> Response:
    """A stored paper as a file.

    Raises:
        NotFound: there is none.
    """
    if stored is None:
        raise NotFound
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{stored.quoted}"}
    file = visit.house.store.open_sound(stored.sha256)
    return StreamingResponse(pieces(file), media_type="application/octet-stream", headers=headers)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, some at a time; it is closed after the last."""
    with file:
        while piece := file.read(_PIECE):
            yield piece
