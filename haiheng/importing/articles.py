"""Articles from a spreadsheet."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haiheng.importing import items, values
from haiheng.importing.columns import Cells, Column
from haiheng.importing.items import Prepared
from haiheng.importing.models import ImportedItem
from news import tags
from news.models import Article, Category

SOURCE = "sheet:articles"
KEY = Column(
    "key",
    gettext_lazy("key"),
    gettext_lazy("Any number or word of your own. A row with the same key changes the same article later."),
    clearable=False,
    example="2026-001",
)
CATEGORY = Column(
    "category", gettext_lazy("category"), gettext_lazy("Its name or address; it must exist."),
    lambda value: items.by_name(Category, values.text(value)), clearable=False,
)  # fmt: skip
AUTHOR = Column("author", gettext_lazy("author"), emptied="")
TAGS = Column(
    "tags", gettext_lazy("tags"), gettext_lazy("With commas between them."),
    lambda value: tags.split(values.text(value)), emptied=[],
)  # fmt: skip
COVER = Column(
    "cover", gettext_lazy("cover picture"), gettext_lazy("Name of a picture in the library."),
    lambda value: items.library_picture(values.text(value)),
)  # fmt: skip


class Articles:
    """Rows become articles; a row is known again by its key, or by its title where it has none."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def columns(self) -> list[Column]:
        own = [KEY, CATEGORY, AUTHOR, TAGS, COVER, items.PUBLISHED, items.EXPIRES, items.OLD]
        return [*own, *items.text_columns(Article)]

    def name(self, cells: Cells) -> str:
        titles = [value for column, value in cells.given.items() if column.key == "title"]
        return str(titles[0] if titles else cells.given.get(KEY, ""))

    def prepare(self, cells: Cells) -> Prepared | None:
        """The article as the row wants it; None, with a fault, where it cannot be told which one is meant."""
        key = str(cells.given.get(KEY) or self.name(cells))[:200]
        if not key or key in self._seen:
            cells.fault(KEY, _("This key stands there twice.") if key else _("A key or a title is needed."))
            return None
        self._seen.add(key)
        known = ImportedItem.objects.filter(source=SOURCE, key=key).first()
        article = Article.objects.filter(pk=known.object_id).first() if known else None
        if known and article is None:
            cells.row.notes.append(_("It was brought in before and deleted since; it comes back as a new one."))
        prepared = Prepared(article or Article(), cells, is_new=article is None)
        prepared.relations["key"] = key
        self._put(prepared)
        return prepared

    def _put(self, prepared: Prepared) -> None:
        given = prepared.cells.given
        if CATEGORY in given:
            # The number first: a new article has no category to compare with.
            prepared.put(CATEGORY, given[CATEGORY].pk, "category_id")
        for column in (AUTHOR, COVER):
            if column in given:
                prepared.put(column, given[column])
        if prepared.is_new and CATEGORY not in given and not prepared.cells.faults:
            prepared.cells.fault(CATEGORY, _("A new article needs a category."))
        items.put_texts(prepared)
        if prepared.is_new and not any(column.key == "title" for column in given) and not prepared.cells.faults:
            prepared.cells.fault(KEY, _("A new article needs a title."))
        items.put_dates(prepared)
        items.put_old_addresses(prepared)
        items.check_fields(prepared, [AUTHOR])
        self._put_tags(prepared, given.get(TAGS))

    def _put_tags(self, prepared: Prepared, names: list[str] | None) -> None:
        if names is None:
            return
        if too_long := next((name for name in names if len(name) > tags.MAX_LENGTH), None):
            prepared.cells.fault(TAGS, _("“%(name)s…” is too long for a tag.") % {"name": too_long[:30]})
        has = {name.casefold() for name in prepared.item.tags.names()} if prepared.item.pk else set()
        if {name.casefold() for name in names} != has:
            prepared.relations["tags"] = names
            prepared.changes.append(TAGS.heading)

    def write(self, prepared: Prepared) -> Any:
        article, relations = prepared.item, prepared.relations
        with transaction.atomic():
            article.save()
            ImportedItem.objects.update_or_create(
                source=SOURCE, key=relations["key"], defaults={"model": "news.article", "object_id": article.pk}
            )
            if "tags" in relations:
                article.tags.set(relations["tags"])
            items.redirect_here(article, relations.get("old_addresses", []))
        return article

    def check_together(self, prepared: list[Prepared]) -> None:
        """Articles do not know each other."""

    def finish(self) -> None:
        """Nothing is left to do once every row is written."""
