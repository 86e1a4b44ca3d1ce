"""The vocabulary of specifications in one language, kept in memory until something public changes."""

from dataclasses import dataclass

from haiheng.languages.models import current_language
from haiheng.pagecache import version
from products.specifications import (
    RemarkTranslation,
    Specification,
    SpecificationChoiceTranslation,
    SpecificationGroupTranslation,
    SpecificationTranslation,
)


@dataclass(frozen=True)
class Word:
    """A name, and the short form of it for cards."""

    name: str
    short_name: str
    place: int = 0
    # Of a choice: its own key, and the specification that it belongs to.
    key: str = ""
    definition: int = 0


@dataclass(frozen=True)
class Definition:
    """What one specification is called here, and how its values are written."""

    pk: int
    key: str
    name: str
    short_name: str
    unit: str
    decimals: int
    group: int
    group_name: str
    on_card: bool
    # In the order of groups and of the specifications in them.
    place: int
    kind: str = Specification.Kind.NUMBER
    filterable: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Everything that has a name in the language, by number; what has none is not shown in it."""

    definitions: dict[int, Definition]
    choices: dict[int, Word]
    remarks: dict[int, str]

    def in_filter(self) -> list[Definition]:
        """What staff marked for the filter; texts have no values that could be offered."""
        return [each for each in self.definitions.values() if each.filterable and each.kind != Specification.Kind.TEXT]

    def sortable(self) -> list[Definition]:
        """Figures that readers see on cards or in the filter."""
        numbers = (each for each in self.definitions.values() if each.kind == Specification.Kind.NUMBER)
        return [each for each in numbers if each.on_card or each.filterable]

    def on_card(self) -> list[int]:
        return [definition.pk for definition in self.definitions.values() if definition.on_card]


def current() -> Vocabulary:
    """In the active language."""
    language = current_language()
    return version.memo(f"products.vocabulary.{language}", lambda: _read(language))


def _read(language: str) -> Vocabulary:
    here = {"language_code": language}
    groups = dict(SpecificationGroupTranslation.objects.filter(**here).values_list("master_id", "name"))
    rows = (
        SpecificationTranslation.objects.filter(**here)
        .select_related("master")
        .order_by("master__group__position", "master__group", "master__position", "master")
    )
    definitions = {
        row.master_id: Definition(
            row.master_id,
            row.master.key,
            row.name,
            row.short_name or row.name,
            row.master.unit,
            row.master.decimals,
            row.master.group_id,
            groups.get(row.master.group_id, ""),
            row.master.on_card,
            place,
            row.master.kind,
            row.master.filterable,
        )
        for place, row in enumerate(rows)
    }
    choices = SpecificationChoiceTranslation.objects.filter(**here).order_by("master__position", "master")
    return Vocabulary(
        definitions,
        {
            pk: Word(name, short or name, place, key, definition)
            for place, (pk, name, short, key, definition) in enumerate(
                choices.values_list("master_id", "name", "short_name", "master__key", "master__specification")
            )
        },
        dict(RemarkTranslation.objects.filter(**here).values_list("master_id", "name")),
    )
