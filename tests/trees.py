"""Published files as trees and back, read by PyYAML's parser in C where there is one: ten times as fast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Whole(_DUMPER):
    """Writes what stands in two places twice: published files hold no alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def tree_of(file: Path) -> Any:
    """The tree of a file, a new one at each call: a test may change it."""
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)


def as_text(tree: Any) -> bytes:
    """A tree as a published file."""
    return yaml.dump(tree, Dumper=_Whole, allow_unicode=True, sort_keys=False).encode()
