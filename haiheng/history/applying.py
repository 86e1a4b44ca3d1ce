"""Making an object what a version says, by saving its rows: sanitisers, signals and the search index see each one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from haiheng.history.snapshots import Content, found_by_key, key_of, plain, references
from haiheng.history.tracking import Rows, Shape, shape_of


@dataclass
class Applying:
    """One object on its way to another state; `problems` says in words what could not be brought back."""

    model: type[models.Model]
    pk: Any
    content: Content
    # Fields that stay as they are.
    keep: Collection[str] = ()
    problems: list[str] = field(default_factory=list)
    exists: dict[type[models.Model], set[Any]] = field(default_factory=dict)

    def run(self) -> list[str]:
        shape = shape_of(self.model)
        for model, keys in references(shape, self.content).items():
            self.exists[model] = set(found_by_key(model, keys))
        obj = self.model._base_manager.get(pk=self.pk)
        changed = self._save_row(obj, shape.fields, self.content["fields"])
        self._relate(obj, shape.relations, self.content["relations"])
        for each in shape.tags:
            getattr(obj, each.name).set(self.content["tags"].get(each.name, []))
        self._apply_texts(shape)
        for rows in shape.parts:
            if rows.name in self.content["parts"]:
                self._apply_rows(rows, self.content["parts"][rows.name])
        # Signals that ask for the object as a whole, like those of the search index, come again at the very end.
        obj = self.model._base_manager.get(pk=self.pk)
        obj.save()
        if hasattr(obj, "brought_back"):
            obj.brought_back(changed)
        return self.problems

    # --- Values -----------------------------------------------------------------

    def _save_row(self, row: Any, fields: tuple[Any, ...], values: dict[str, Any]) -> set[str]:
        changed = []
        for each in fields:
            if each.name not in values or each.name in self.keep:
                continue
            if values[each.name] == plain(getattr(row, each.attname)):
                continue
            value = values[each.name] if each.is_relation else each.to_python(values[each.name])
            if each.is_relation and value is not None and value not in self.exists.get(each.related_model, ()):
                self._gone(each, value)
                continue
            changed.append((each, getattr(row, each.attname)))
            setattr(row, each.attname, value)
        if changed or row._state.adding:
            self._step_back_where_taken(row, changed)
            row.save()
        return {each.name for each, _before in changed}

    def _step_back_where_taken(self, row: Any, changed: list[tuple[Any, Any]]) -> None:
        """An address or a model number that another object has by now stays there."""
        try:
            row.validate_unique()
            row.validate_constraints()
        except ValidationError as error:
            named = set(error.error_dict) if hasattr(error, "error_dict") else set()
            for each, before in changed:
                unique = each.unique or any(each.name in getattr(rule, "fields", ()) for rule in row._meta.constraints)
                if each.name in named or (unique and not each.is_relation):
                    values = {"field": capfirst(str(each.verbose_name)), "value": each.value_from_object(row)}
                    setattr(row, each.attname, before)
                    text = _("%(field)s: “%(value)s” belongs to another item by now and was not brought back.")
                    self.problems.append(text % values)

    def _relate(self, row: Any, relations: tuple[Any, ...], values: dict[str, list[Any]]) -> None:
        for each in relations:
            if each.name not in values:
                continue
            there = self.exists.get(each.related_model, set())
            for key in values[each.name]:
                if key not in there:
                    self._gone(each, key)
            getattr(row, each.name).set([key for key in values[each.name] if key in there])

    def _gone(self, each: Any, key: Any) -> None:
        name = self.content["names"].get(each.related_model._meta.label_lower, {}).get(str(key), f"#{key}")
        self.problems.append(
            _("%(field)s: “%(name)s” was deleted for good since and cannot be brought back.")
            % {"field": capfirst(str(each.verbose_name)), "name": name}
        )

    # --- Texts and rows ---------------------------------------------------------

    def _apply_texts(self, shape: Shape) -> None:
        if shape.texts is None:
            return
        wanted, texts = self.content["texts"], cast(Any, shape.texts)
        present = {row.language_code: row for row in texts._base_manager.filter(master_id=self.pk)}
        for language, row in present.items():
            if language not in wanted:
                row.delete()
        for language, values in wanted.items():
            row = present.get(language) or texts(master_id=self.pk, language_code=language)
            self._save_row(row, shape.text_fields, values)

    def _apply_rows(self, rows: Rows, wanted: dict[str, Any]) -> None:
        present: dict[str, Any] = {}
        for row in rows.model._base_manager.filter(**{rows.link: self.pk}).order_by("pk"):
            values = {each.attname: getattr(row, each.attname) for each in rows.fields}
            present[key_of(rows, {"pk": row.pk, **values})] = row
        # Deletions first: two rows may have changed places.
        for key, row in present.items():
            if key not in wanted:
                row.delete()
        for key, values in wanted.items():
            row = present.get(key) or self._new_row(rows, values)
            if row is not None:
                self._save_row(row, rows.fields, values["fields"])
                self._relate(row, rows.relations, values["relations"])

    def _new_row(self, rows: Rows, values: dict[str, Any]) -> Any:
        for each in rows.fields:
            key = values["fields"].get(each.name)
            if each.is_relation and not each.null and key not in self.exists.get(each.related_model, ()):
                self._gone(each, key)
                return None
        # With its old number, by which an open form knows it.
        taken = rows.model._base_manager.filter(pk=values["pk"]).exists()
        return rows.model(**{f"{rows.link}_id": self.pk}, pk=None if taken else values["pk"])


def apply(model: type[models.Model], pk: Any, content: Content, *, keep: Collection[str] = ()) -> list[str]:
    """Make the object what `content` says; what could not be done, in words. Call it within `recording()`."""
    return Applying(model, pk, content, keep).run()
