"""One byte string for one value: what hashes are taken over."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field: getattr(value, field) for field in value.__dataclass_fields__}
    if isinstance(value, Decimal):
        # One number, one text: 912.5 and 912.50 are the same.
        return f"{value.normalize():f}"
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_plain
)


def canonical_json(value: Any) -> str:
    """``value`` as JSON with sorted keys, no spaces and no escapes; dates in ISO form, decimals as text, sets sorted,
    dataclasses by their fields.

    Raises:
        TypeError: a value that has no canonical form (a float that is not a number raises ValueError).
    """
    return _ENCODER.encode(value)


def sha256_hex(data: bytes | str) -> str:
    """The SHA-256 of bytes, or of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
