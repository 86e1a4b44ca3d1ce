"""What each block of the home page shows, for the whole page in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from haiheng.drawings.figures import Vehicle
from haiheng.home.models import Block, BlockTranslation
from haiheng.images.models import Picture
from haiheng.languages.models import current_language
from haiheng.publishing.models import is_public
from news import categories
from news.categories import Entry
from news.models import ArticleTranslation
from products import cards
from products.cards import Card

# Fewer vehicles make no comparison of sizes.
LEAST_TO_SCALE = 3
NEWEST = 4
# Where staff chose no products.
FIRST = {Block.Kind.HERO: 6, Block.Kind.RANGE: 6, Block.Kind.FEATURED: 3}


@dataclass(frozen=True)
class NewsRow:
    title: str
    summary: str
    url: str
    date: str
    entry: Entry | None


@dataclass(frozen=True)
class Shown:
    """A block ready to be rendered by the template of its kind."""

    kind: str
    texts: BlockTranslation
    picture: Picture | None = None
    cards: list[Card] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    news: list[NewsRow] = field(default_factory=list)

    @property
    def template(self) -> str:
        return f"home/_{self.kind}.html"

    @property
    def is_empty(self) -> bool:
        """Nothing to show: the block leaves no gap and no heading behind."""
        if self.kind == Block.Kind.RANGE:
            return len(self.cards) < LEAST_TO_SCALE
        if self.kind == Block.Kind.FEATURED:
            return not self.cards
        if self.kind == Block.Kind.NEWS:
            return not self.news
        if self.kind in {Block.Kind.ROUTE, Block.Kind.FACTS}:
            return not self.texts.pairs()
        return self.kind == Block.Kind.TEXT and not (self.texts.body or self.texts.intro or self.picture)


def shown(blocks: Sequence[Block]) -> list[Shown]:
    """The blocks that have something to show, in their order."""
    language = current_language()
    chosen = _cards_of(blocks)
    news = _newest(language) if any(block.kind == Block.Kind.NEWS for block in blocks) else []
    found = []
    for block in blocks:
        texts = next(row for row in block.translations.all() if row.language_code == language)
        own = chosen.get(block.pk, [])
        if block.kind == Block.Kind.RANGE:
            own = [card for card in own if card.vehicle and not card.discontinued]
        vehicles = _strip(own) if block.kind == Block.Kind.HERO else []
        found.append(Shown(block.kind, texts, block.picture, own, vehicles, news if block.kind == "news" else []))
    return [block for block in found if not block.is_empty]


def _cards_of(blocks: Iterable[Block]) -> dict[int, list[Card]]:
    """Products by block: the chosen ones, else the first of the catalogue."""
    wanting = {block.pk: Block.Kind(block.kind) for block in blocks if block.kind in FIRST}
    if not wanting:
        return {}
    chosen: dict[int, set[int]] = {pk: set() for pk in wanting}
    for block, product in Block.products.through.objects.filter(block__in=wanting).values_list("block", "product"):
        chosen[block].add(product)
    numbers = set().union(*chosen.values())
    rows = list(cards.public().filter(master__in=numbers)) if numbers else []
    if not all(chosen.values()):
        known = {row.pk for row in rows}
        rows += [row for row in cards.standing()[: max(FIRST.values())] if row.pk not in known]
    made = cards.cards(rows)
    return {
        pk: [card for card in made if card.pk in chosen[pk]] if chosen[pk] else made[-FIRST[kind] :]
        for pk, kind in wanting.items()
    }


def _strip(own: Sequence[Card]) -> list[Vehicle]:
    """The shortest stands whole at the ruler's zero; the longest behind it, the next before it."""
    standing = sorted((card.vehicle for card in own if card.vehicle), key=lambda vehicle: vehicle.length)
    if len(standing) < LEAST_TO_SCALE:
        return []
    return [standing[0], standing[-1], standing[len(standing) // 2]]


def _newest(language: str) -> list[NewsRow]:
    rows = ArticleTranslation.objects.filter(is_public("master__"), language_code=language, ready=True)
    newest = rows.select_related("master").order_by("-master__published_at", "-master")[:NEWEST]
    return [_news_row(row) for row in newest]


def _news_row(row: ArticleTranslation) -> NewsRow:
    article = row.master
    url = categories.article_path(article.category_id, row.slug)
    entry = categories.entries().get(article.category_id)
    return NewsRow(row.title, row.summary, url, f"{article.published_at:%Y-%m-%d}", entry)
