"""The tree of categories in one language, kept in memory until something public changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Value, When
from django.db.models.functions import Cast
from django.urls import reverse

from haiheng.languages.models import current_language, slug_elsewhere
from haiheng.pagecache import version
from products.models import Category, Product


@dataclass(frozen=True)
class Entry:
    """A category; `count` is the number of public products in it and below it, `standing` of those for a ruler.

    `name` is empty where this language has none yet; its `slug` is then another language's, so that the products in
    it keep an address.
    """

    pk: int
    name: str
    slug: str
    description: str
    count: int
    standing: int
    parent: int | None
    children: "list[Entry]" = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("products:category", kwargs={"category": self.slug})

    def with_below(self) -> "Iterator[Entry]":
        """Itself and everything below it, in the order of the tree."""
        yield self
        for child in self.children:
            yield from child.with_below()

    def open_children(self) -> "list[Entry]":
        """Those with a name and something to show."""
        return [child for child in self.children if child.name and child.count]


def entries(language: str | None = None) -> dict[int, Entry]:
    """By number, in the order of the tree."""
    code = language or current_language()
    return version.memo(f"products.tree.{code}", lambda: _read(code))


def roots() -> list[Entry]:
    return [entry for entry in entries().values() if entry.parent is None]


def open_roots() -> list[Entry]:
    """Those with a name and something to show."""
    return [entry for entry in roots() if entry.name and entry.count]


def total() -> int:
    return sum(entry.count for entry in roots())


def total_standing() -> int:
    return sum(entry.standing for entry in roots())


def path_to(entry: Entry) -> list[Entry]:
    """From the root down to the entry itself."""
    found, known = [entry], entries()
    while found[0].parent is not None:
        found.insert(0, known[found[0].parent])
    return found


def named(slug: str) -> Entry | None:
    """The category with this address in the active language."""
    return next((entry for entry in entries().values() if entry.name and entry.slug == slug), None)


def place(category: str = "master__category") -> Case:
    """An expression that orders by the tree; `category` leads there, by default from the texts of products."""
    whens = [When(**{category: pk}, then=Value(number)) for number, pk in enumerate(entries())]
    # A cast: without categories only the default is left, and PostgreSQL reads a bare number as the place of a column.
    return Case(*whens, default=Cast(Value(len(whens)), IntegerField()), output_field=IntegerField())


def _read(language: str) -> dict[int, Entry]:
    published = Product.objects.published(language).order_by()
    own = dict(published.values_list("category").annotate(Count("pk")))
    standing = dict(published.standing().values_list("category").annotate(Count("pk")))
    rows = list(Category.objects.order_by("position", "pk").prefetch_related("translations"))
    below: dict[int | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: dict[int, Entry] = {}

    def grow(row: Category) -> Entry:
        texts = {text.language_code: text for text in row.translations.all()}
        text = texts.get(language)
        slug = text.slug if text else slug_elsewhere(texts.values()) or str(row.pk)
        found[row.pk] = Entry(row.pk, "", slug, "", 0, 0, row.parent_id)  # keeps the place before its children
        children = [grow(child) for child in below.get(row.pk, ())]
        found[row.pk] = Entry(
            row.pk,
            text.name if text else "",
            slug,
            text.description if text else "",
            own.get(row.pk, 0) + sum(child.count for child in children),
            standing.get(row.pk, 0) + sum(child.standing for child in children),
            row.parent_id,
            children,
        )
        return found[row.pk]

    for row in below.get(None, ()):
        grow(row)
    return found
