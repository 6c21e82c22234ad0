"""Checks an exported history with nothing but Python: no database, no other file of the program.

    python verifier.py history.jsonl [folder of the seals]

Says "sound", or names the first bad line. What a chain proves, what a seal adds, and what neither can, is in
docs/history.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "thidua-history-1"
SEAL_FORMAT = "thidua-seal-1"
SEAL_KEYS = {
    "format", "number", "day", "at", "root", "prev_root", "prev_file", "heads", "whole", "changed",
}  # fmt: skip
SEAL_NAME = re.compile(r"(\d{6,})-\d{4}-\d\d-\d\d\.json")
GENESIS = "0" * 64
HASHED = ("subject", "seq", "at", "actor_id", "on_behalf_of_id", "via", "event", "payload", "request_key")
COLUMNS = (*HASHED, "prev_hash", "hash")
# How far from its place the number of a displaced entry is looked for: far enough for any dossier.
SEARCHED = 500


class Fault(NamedTuple):
    """What is wrong at one place of a chain. ``other`` is the place at which that entry was written, or now stands."""

    seq: int
    what: str
    other: int | None = None


class BadLine(NamedTuple):
    """The first bad line of an export."""

    line: int
    subject: str
    seq: int
    what: str
    other: int | None = None


class Sealed(NamedTuple):
    """What a folder of seals says.

    ``heads`` gives each chain's last entry as the newest seal knew it: subject → (number, hash). ``seals`` gives
    each seal by its number, without its heads but with its ``file``'s name; ``bad`` the seals that are not as they
    were written, each with what is wrong; ``last_file`` is the SHA-256 of the newest file.
    """

    heads: dict[str, tuple[int, str]]
    seals: dict[int, dict[str, Any]]
    bad: list[tuple[int, str]]
    last_file: str

    @property
    def last(self) -> dict[str, Any] | None:
        """The newest seal."""
        return self.seals[max(self.seals)] if self.seals else None


def leaf_of(subject: str, seq: int, head_hash: str) -> bytes:
    """What a seal's tree takes of the last entry of one chain."""
    return json.dumps([subject, seq, head_hash], ensure_ascii=False, separators=(",", ":")).encode()


def root_of(heads: Mapping[str, tuple[int, str]]) -> str:
    """The Merkle root (RFC 6962) over the last entries of all chains, by the code points of their subjects."""
    level = [
        hashlib.sha256(b"\x00" + leaf_of(subject, *heads[subject])).digest() for subject in sorted(heads)
    ]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0].hex() if level else hashlib.sha256().hexdigest()


def read_seals(folder: Path, until: datetime | None = None) -> Sealed:
    """Read a folder of seals (none is as good as an empty one), those made after ``until`` left out.

    Each file carries the SHA-256 of the one before it; the root is taken anew from the heads for the newest. A
    seal that is ``whole`` names every head: from it on the folder stands without what came before.

    Raises:
        OSError: a file could not be read.
    """
    heads: dict[str, tuple[int, str]] = {}
    seals: dict[int, dict[str, Any]] = {}
    bad: set[tuple[int, str]] = set()
    last_file, last_root, expected, complete = GENESIS, GENESIS, 1, True
    named = (SEAL_NAME.fullmatch(path.name) for path in folder.iterdir()) if folder.is_dir() else ()
    for number, name in sorted((int(match[1]), match[0]) for match in named if match):
        content = (folder / name).read_bytes()
        seal = _seal_in(content)
        if seal is not None and until is not None and datetime.fromisoformat(seal["at"]) > until:
            break
        bad |= {(missing, "seal_file_missing") for missing in range(expected, number)}
        alone, expected = number > expected, number + 1
        if seal is None or seal["number"] != number or number in seals:
            bad.add((number, "seal_unreadable" if seal is None else "seal_edited"))
            complete = False
            continue
        changed = {subject: (seq, head) for subject, seq, head in seal.pop("changed")}
        follows = alone or not complete or (seal["prev_file"], seal["prev_root"]) == (last_file, last_root)
        if not follows or any(heads.get(subject, (0,))[0] > seq for subject, (seq, _) in changed.items()):
            bad.add((number, "seal_edited"))
        complete = seal["whole"] or (complete and not alone)
        heads = changed if seal["whole"] else heads | changed
        seals[number] = seal | {"file": name}
        last_file, last_root = hashlib.sha256(content).hexdigest(), seal["root"]
    if seals and complete:
        last = seals[max(seals)]
        if (last["heads"], last["root"]) != (len(heads), root_of(heads)):
            bad.add((last["number"], "seal_edited"))
    return Sealed(heads, seals, sorted(bad), last_file)


def _seal_in(content: bytes) -> dict[str, Any] | None:
    """A seal as its file holds it; None where it holds none."""
    try:
        seal = json.loads(content)
        fits = isinstance(seal, dict) and set(seal) == SEAL_KEYS and seal["format"] == SEAL_FORMAT
        plain = (
            fits and datetime.fromisoformat(seal["at"]).tzinfo is not None and isinstance(seal["number"], int)
        )
        whole = plain and all([type(value) for value in head] == [str, int, str] for head in seal["changed"])
    except (ValueError, TypeError, RecursionError):
        return None
    return seal if whole else None


def sealed_fault(seq: int, head_hash: str, hashes: Sequence[str]) -> Fault | None:
    """How a sound chain, given by its hashes, differs from what a seal knew of it: cut off, or recomputed."""
    if len(hashes) < seq:
        return Fault(len(hashes) + 1, "sealed_missing", seq)
    return None if hashes[seq - 1] == head_hash else Fault(seq, "sealed_differs")


def hash_of(entry: Mapping[str, Any], seq: int | None = None) -> str:
    """The hash that an entry must carry, were it written as number ``seq`` (its own unless given)."""
    values = [entry[column] for column in HASHED] + [entry["prev_hash"]]
    values[1] = entry["seq"] if seq is None else seq
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chain_fault(entries: Sequence[Mapping[str, Any]], head: tuple[int, str] | None = None) -> Fault | None:
    """The first fault of one chain, its entries in the order in which they stand; None when it is sound.

    ``head`` is what the dossier's own row says of its chain: number and hash of the last entry.
    """
    prev = GENESIS
    for place, entry in enumerate(entries, 1):
        if entry["seq"] != place or entry["prev_hash"] != prev or hash_of(entry) != entry["hash"]:
            return _what_happened(entries, place, prev, head)
        prev = str(entry["hash"])
    return None if head is None else head_fault([str(entry["hash"]) for entry in entries], head)


def head_fault(hashes: Sequence[str], head: tuple[int, str]) -> Fault | None:
    """How a sound chain's end and the dossier's own row differ: an end cut off, an end added, a head edited."""
    last, (version, head_hash) = len(hashes), head
    if head == (last, hashes[-1] if hashes else GENESIS):
        return None
    if version > last and head_hash not in hashes:
        return Fault(last + 1, "missing")
    if 0 < version < last and hashes[version - 1] == head_hash:
        return Fault(version + 1, "inserted")
    return Fault(last, "head_differs", version)


def _what_happened(
    entries: Sequence[Mapping[str, Any]], place: int, prev: str, head: tuple[int, str] | None
) -> Fault:
    """Names what was done to a chain, given the first place at which it does not hold.

    An entry's hash covers its number, so an entry that was moved, or pushed on by another, still tells
    the number under which it was written.
    """
    here = entries[place - 1]
    if head is not None and 0 < head[0] < place and entries[head[0] - 1]["hash"] == head[1]:
        return Fault(place, "inserted")
    written = [_number_written(entry, stands) for stands, entry in enumerate(entries, 1)]
    mine = written[place - 1]
    rightful = [
        stands
        for stands, (entry, number) in enumerate(zip(entries, written, strict=True), 1)
        if number == place and entry["prev_hash"] == prev and stands != place
    ]
    if here["seq"] == place and mine == place and not rightful:
        # It is as it was written, but followed another entry than the one that stands before it.
        after = entries[place]["prev_hash"] if place < len(entries) else head[1] if head else here["hash"]
        replaced = place > 1 and after == here["hash"]
        return Fault(place - 1, "replaced") if replaced else Fault(place, "edited")
    if here["seq"] == place and mine in (None, place):
        copied = any(_same_act(entry, here) for entry in entries[: place - 1])
        return Fault(place, "inserted" if rightful or copied else "edited")
    if mine is not None and mine < place:
        # What stands before it took its number: one of the two was put in.
        same = entries[mine - 1]["hash"] == here["hash"]
        return Fault(place if same else mine, "inserted")
    if mine == place:
        return Fault(place, "reordered", here["seq"])
    if rightful:
        stands_as = entries[rightful[0] - 1]["seq"]
        return Fault(place, "reordered", mine if stands_as == place else stands_as)
    return Fault(place, "missing")


def _same_act(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[column] == other[column] for column in ("at", "actor_id", "event", "payload", "prev_hash"))


def _number_written(entry: Mapping[str, Any], stands: int) -> int | None:
    """The number with which the entry's hash was made; None when it fits none near its place: it was edited."""
    numbers = (entry["seq"], *range(max(1, stands - SEARCHED), stands + SEARCHED))
    return next((number for number in numbers if hash_of(entry, number) == entry["hash"]), None)


class _Reading:
    """What has been seen of an export so far; one chain at a time is held."""

    def __init__(self, sealed: Mapping[str, tuple[int, str]]) -> None:
        self.sealed = dict(sealed)
        # Entries that came after the seal, and so rest on the chain alone.
        self.unsealed = 0
        self.header: dict[str, Any] = {}
        self.chain: list[dict[str, Any]] = []
        self.first_line = 2
        self.entries = self.heads = 0
        # Of each dossier's chain: the line of its first entry and the hashes of all.
        self.ends: dict[str, tuple[int, list[str]]] = {}
        self.last_subject = self.last_head = ""
        self.in_heads = False

    def take(self, number: int, line: str) -> BadLine | None:
        """Take in one line; gives the first fault that it shows."""
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if number == 1:
            self.header = value if isinstance(value, dict) else {}
            return None if self.header.get("format") == FORMAT else BadLine(1, "", 0, "not_an_export")
        if isinstance(value, dict) and set(value) == {"head", "version", "hash"}:
            return self.close(number) or self._head(number, value)
        if not isinstance(value, dict) or set(value) != set(COLUMNS) or not isinstance(value["seq"], int):
            return self.close(number) or BadLine(number, "", 0, "unreadable")
        bad = None if self.chain and self.chain[0]["subject"] == value["subject"] else self.close(number)
        if bad is not None:
            return bad
        if not self.chain:
            if self.in_heads or str(value["subject"]) <= self.last_subject:
                return BadLine(number, value["subject"], value["seq"], "reordered")
            self.first_line, self.last_subject = number, str(value["subject"])
        self.chain.append(value)
        self.entries += 1
        return None

    def close(self, number: int) -> BadLine | None:
        """The chain that was being read ends before line ``number``."""
        chain, self.chain = self.chain, []
        if not chain:
            return None
        subject = chain[0]["subject"]
        fault = chain_fault(chain)
        known = self.sealed.pop(subject, None)
        if fault is None and known is not None:
            fault = sealed_fault(*known, [entry["hash"] for entry in chain])
        if fault is not None:
            return BadLine(self.first_line + fault.seq - 1, subject, *fault)
        self.unsealed += len(chain) - (known[0] if known else 0)
        if str(subject).startswith("dossier:"):
            self.ends[subject] = (self.first_line, [entry["hash"] for entry in chain])
        return None

    def _head(self, number: int, value: dict[str, Any]) -> BadLine | None:
        self.in_heads = True
        self.heads += 1
        subject = str(value["head"])
        if not isinstance(value["version"], int):
            return BadLine(number, subject, 0, "unreadable")
        if subject <= self.last_head:
            return BadLine(number, subject, value["version"], "reordered")
        # Both chains and heads come in the order of their subjects.
        awaited = next(iter(self.ends), subject)
        if awaited < subject:
            return BadLine(number, awaited, 0, "head_missing")
        self.last_head = subject
        first_line, hashes = self.ends.pop(subject, (number, []))
        fault = head_fault(hashes, (value["version"], value["hash"]))
        if fault is None:
            return None
        line = number if fault.what == "head_differs" or not hashes else first_line + fault.seq - 1
        return BadLine(line, subject, *fault)

    def end(self, number: int) -> BadLine | None:
        """The file ends before line ``number``."""
        bad = self.close(number)
        if bad is not None:
            return bad
        if self.ends:
            return BadLine(number, min(self.ends), 0, "head_missing")
        for what in ("entries", "heads"):
            if self.header.get(what) != getattr(self, what):
                return BadLine(1, "", getattr(self, what), f"count_of_{what}_differs")
        if self.sealed:
            subject = min(self.sealed)
            return BadLine(number, subject, 1, "sealed_missing", self.sealed[subject][0])
        return None


def check_export(lines: Iterable[str], sealed: Mapping[str, tuple[int, str]] | None = None) -> BadLine | None:
    """The first bad line of an export; None when it is sound. ``sealed``: the heads that a seal knew."""
    return _check(_Reading(sealed or {}), lines)


def _check(reading: _Reading, lines: Iterable[str]) -> BadLine | None:
    number = 0
    for number, line in enumerate(lines, 1):
        bad = reading.take(number, line)
        if bad is not None:
            return bad
    return reading.end(number + 1) if number else BadLine(1, "", 0, "not_an_export")


def _made_at(file: Path) -> datetime | None:
    """When an export was made, by its own word."""
    with file.open(encoding="utf-8", errors="surrogateescape") as opened:
        try:
            made_at = datetime.fromisoformat(json.loads(opened.readline())["made_at"])
        except (ValueError, TypeError, KeyError):
            return None
    return made_at if made_at.tzinfo is not None else None


def main(arguments: Sequence[str]) -> int:
    """Check one file; 0 when it is sound, 1 when not, 2 when it could not be read."""
    if len(arguments) not in (1, 2):
        print("usage: python verifier.py history.jsonl [folder of the seals]", file=sys.stderr)
        return 2
    file = Path(arguments[0])
    try:
        sealed = None
        if len(arguments) == len(("history", "seals")):
            if not Path(arguments[1]).is_dir():
                print(f"cannot read {arguments[1]}: no folder", file=sys.stderr)
                return 2
            # A seal knows nothing of an export that is older than it.
            sealed = read_seals(Path(arguments[1]), _made_at(file))
        reading = _Reading(sealed.heads if sealed else {})
        with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as opened:
            bad = _check(reading, opened)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        print(f"cannot read {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    for seal, what in sealed.bad if sealed else ():
        print(f"seal {seal}: {what}")
    if bad is None:
        if sealed and sealed.bad:
            return 1
        print(f"sound; SHA-256 of the file: {digest}")
        if sealed:
            last = sealed.last
            by = f"seal {last['number']} of {last['day']}, root {last['root']}" if last else "no seal"
            print(f"held against {by}; entries after it, not protected by it: {reading.unsealed}")
        return 0
    other = "" if bad.other is None else f" ({bad.other})"
    said = f"line {bad.line}: {bad.what}{other}: {bad.subject or 'file'} {bad.seq}"
    # What a forger wrote may be no text that a terminal can show.
    print(said.encode("utf-8", "backslashreplace").decode())
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
