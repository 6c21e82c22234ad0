"""One byte string for one value: what hashes are taken over."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_plain
)


def canonical_json(value: Any) -> str:
    """``value`` as JSON with sorted keys, no spaces and no escapes; dates in ISO form.

    Raises:
        TypeError: a value that has no canonical form (a float that is not a number raises ValueError).
    """
    return _ENCODER.encode(value)


def sha256_hex(data: bytes | str) -> str:
    """The SHA-256 of bytes, or of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
