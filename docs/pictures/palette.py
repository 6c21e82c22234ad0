"""Makes a PNG small: a page has few colours, and one byte a pixel is enough for them."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from functools import cache

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}
_MOST = 256


def with_palette(png: bytes) -> bytes:
    """The same picture in at most 256 colours, the most frequent ones; other pixels take the nearest of them.

    Raises:
        ValueError: it is no picture of eight bits a channel, in RGB or RGBA, line by line.
    """
    width, height, channels, packed = _read(png)
    lines = _lines(zlib.decompress(packed), width * channels, channels)
    rows = [[line[at : at + 3] for at in range(0, len(line), channels)] for line in lines]
    palette = [colour for colour, _ in Counter(c for row in rows for c in row).most_common(_MOST)]

    @cache
    def nearest(colour: bytes) -> int:
        return min(range(len(palette)), key=lambda n: _apart(palette[n], colour))

    body = b"".join(b"\0" + bytes(nearest(colour) for colour in row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(body, 9)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _read(png: bytes) -> tuple[int, int, int, bytes]:
    at, packed, head = len(_SIGNATURE), b"", (0, 0, 0, 0, 0, 0, 0)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", content)
        elif kind == b"IDAT":
            packed += content
        at += length + 12
    width, height, depth, colours, _, _, interlaced = head
    if depth != 8 or colours not in _CHANNELS or interlaced:
        raise ValueError(head)
    return width, height, _CHANNELS[colours], packed


def _lines(raw: bytes, length: int, step: int) -> list[bytes]:
    """The lines as they were before each was written as its difference from what is beside and above it."""
    before, found = bytearray(length), []
    for start in range(0, len(raw), length + 1):
        way, line = raw[start], bytearray(raw[start + 1 : start + 1 + length])
        if way == 2:
            line = bytearray((one + above) & 255 for one, above in zip(line, before, strict=True))
        elif way:
            for at in range(length):
                left = line[at - step] if at >= step else 0
                corner = before[at - step] if at >= step else 0
                line[at] = (line[at] + _foretold(way, left, before[at], corner)) & 255
        found.append(bytes(line))
        before = line
    return found


def _foretold(way: int, left: int, above: int, corner: int) -> int:
    if way == 1:
        return left
    if way == 3:
        return (left + above) // 2
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def _apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
