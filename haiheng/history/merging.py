"""Two people changed one object: what each of them changed is put together, what both changed is asked."""

from dataclasses import dataclass
from typing import Any

from haiheng.history.snapshots import Content

# ("fields", "code"), ("texts", "en", "title"), ("texts", "en") for a whole language,
# ("parts", "pictures", "12", "fields", "picture"), ("parts", "pictures", "12") for a whole row.
Path = tuple[str, ...]
# Not in this version at all, which is something else than empty.
MISSING: Any = object()


@dataclass(frozen=True)
class Conflict:
    path: Path
    base: Any
    theirs: Any
    mine: Any

    @property
    def key(self) -> str:
        """For the name of a form field."""
        return "/".join(self.path)


@dataclass
class Merge:
    content: Content
    conflicts: list[Conflict]
    # Whether the other hand's changes are in the result, too.
    took_theirs: bool = False


def merge(base: Content | None, theirs: Content, mine: Content, choices: dict[str, str] | None = None) -> Merge:
    """What both made of `base`. Where both changed the same, `choices` says "mine" or "theirs", else it is a conflict.

    Without a base (its version is too old) every difference is a conflict.
    """
    result = Merge({"names": {**theirs["names"], **mine["names"]}}, [])
    merger = _Merger(result, choices or {})
    base = base or {}
    for kind in ("fields", "relations", "tags"):
        result.content[kind] = merger.values((kind,), base.get(kind, {}), theirs[kind], mine[kind])
    result.content["texts"] = merger.groups(("texts",), base.get("texts", {}), theirs["texts"], mine["texts"])
    result.content["parts"] = {
        name: merger.groups(("parts", name), base.get("parts", {}).get(name, {}), theirs["parts"][name], rows)
        for name, rows in mine["parts"].items()
    }
    return result


@dataclass
class _Merger:
    result: Merge
    choices: dict[str, str]

    def one(self, path: Path, base: Any, theirs: Any, mine: Any) -> Any:
        if theirs in (mine, base):
            return mine
        if mine == base:
            self.result.took_theirs = True
            return theirs
        if isinstance(theirs, list) and isinstance(mine, list) and path[-2] in ("relations", "tags"):
            self.result.took_theirs = True
            return _lists(base if isinstance(base, list) else [], theirs, mine)
        if path[-1] == "position":
            return mine
        conflict = Conflict(path, base, theirs, mine)
        choice = self.choices.get(conflict.key)
        if choice == "theirs":
            self.result.took_theirs = True
            return theirs
        if choice != "mine":
            self.result.conflicts.append(conflict)
        return mine

    def values(self, path: Path, base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self.one((*path, name), base.get(name, MISSING), theirs.get(name, MISSING), value)
            for name, value in mine.items()
        }

    def groups(self, path: Path, base: Any, theirs: Any, mine: Any) -> dict[str, Any]:
        """Languages or rows: each can be there or not, and where it is on both sides its fields are compared."""
        merged: dict[str, Any] = {}
        for key in dict.fromkeys([*mine, *theirs]):
            ours, others = mine.get(key, MISSING), theirs.get(key, MISSING)
            before = base.get(key, MISSING)
            if ours is not MISSING and others is not MISSING:
                known = {} if before is MISSING else before
                merged[key] = self._inside((*path, key), known, others, ours)
                continue
            # One of the two has deleted or added it.
            value = self.one((*path, key), _without_pk(before), _without_pk(others), _without_pk(ours))
            if value is not MISSING:
                merged[key] = ours if ours is not MISSING else others
        return merged

    def _inside(self, path: Path, base: Any, theirs: Any, mine: Any) -> dict[str, Any]:
        if "pk" not in mine:
            return self.values(path, base, theirs, mine)
        return {
            "pk": theirs["pk"],
            **{
                kind: self.values((*path, kind), base.get(kind, {}), theirs[kind], mine[kind])
                for kind in ("fields", "relations")
            },
        }


def _without_pk(row: Any) -> Any:
    """Rows written anew have other numbers; their order is no change that anybody would be asked about."""
    if not isinstance(row, dict) or "pk" not in row:
        return row
    fields = {name: value for name, value in row["fields"].items() if name != "position"}
    return {"fields": fields, "relations": row["relations"]}


def _lists(base: list[Any], theirs: list[Any], mine: list[Any]) -> list[Any]:
    """What either added is in, what either took out is out."""
    kept = [each for each in mine if each in theirs or each not in base]
    return kept + [each for each in theirs if each not in mine and each not in base]
