"""Company, news, pages and home page of the demo content."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from haiheng.company.models import CompanyProfile, WorkingHours
from haiheng.demo import library, linking
from haiheng.demo.ledger import Ledger, Table, articles, read, texts
from haiheng.home.models import Block
from haiheng.pages.models import Page
from news.models import Article, Category
from products.models import Product

ZONE = ZoneInfo("Asia/Hong_Kong")


def seed_company(ledger: Ledger) -> None:
    if CompanyProfile.objects.exists() and "company" not in ledger:
        return  # Somebody has filled it in by hand: theirs is the true one.
    ledger.once(CompanyProfile, "company", _company)


def _company() -> CompanyProfile:
    table = read("company.toml")
    hours = table.pop("working_hours")
    translations = texts(table)
    fields = {name: value for name, value in table.items() if not isinstance(value, dict)}
    profile = CompanyProfile.objects.create(**fields)
    for code, values in translations.items():
        profile.translations.create(language_code=code, **values)
    for day in hours["days"]:
        WorkingHours.objects.create(profile=profile, weekday=day, opens=hours["opens"], closes=hours["closes"])
    return profile


def seed_news(ledger: Ledger) -> None:
    for position, table in enumerate(read("categories.toml")["news"]):
        ledger.once(Category, f"news-category:{table['key']}", _category, table, position)
    for table in articles():
        key = f"article:{table['key']}"
        category = ledger.find(Category, f"news-category:{table['category']}")
        if key not in ledger and category is not None:
            ledger.once(Article, key, _article, ledger, table, category)


def _category(table: Table, position: int) -> Category:
    category = Category.objects.create(position=position)
    for code, values in texts(table).items():
        category.translations.create(language_code=code, **values)
    return category


def _article(ledger: Ledger, table: Table, category: Category) -> Article:
    wanted = table.get("cover")
    article = Article.objects.create(
        category=category,
        author=table["author"],
        cover=library.cover(ledger, wanted["drawing"], wanted["crop"]) if wanted else None,
        published_at=_published_at(table),
        expires_at=_morning(table["expires"]) if "expires" in table else None,
    )
    for code, values in texts(table).items():
        body = library.with_figures(ledger, linking.words(values["body"]), code)
        article.translations.create(language_code=code, ready=True, **{**values, "body": body})
    article.tags.add(*table["tags"])
    return article


def _published_at(table: Table) -> datetime | None:
    if table.get("draft"):
        return None
    if days := table.get("live_in_days"):
        return timezone.now() + timedelta(days=days)
    return _morning(table["date"])


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=ZONE)


def seed_pages(ledger: Ledger) -> None:
    for position, table in enumerate(read("pages.toml")["pages"]):
        key = f"page:{table['key']}"
        if key not in ledger and Page.objects.filter(role=table["role"]).exists():
            continue  # Staff have written this page themselves.
        ledger.once(Page, key, _page, table, position)


def _page(table: Table, position: int) -> Page:
    page = Page.objects.create(
        role=table["role"],
        position=position,
        in_navigation=table["in_navigation"],
        in_footer=table["in_footer"],
        published_at=timezone.now(),
    )
    for code, values in texts(table).items():
        page.translations.create(language_code=code, ready=True, **{**values, "body": values["body"].strip()})
    return page


def seed_home(ledger: Ledger) -> None:
    """The blocks in their order; none of them where staff have arranged a home page of their own."""
    tables = read("home.toml")["blocks"]
    if Block.objects.exists() and not any(f"block:{table['kind']}" in ledger for table in tables):
        return
    for position, table in enumerate(tables):
        ledger.once(Block, f"block:{table['kind']}", _block, ledger, table, position)


def _block(ledger: Ledger, table: Table, position: int) -> Block:
    block = Block.objects.create(kind=table["kind"], position=position)
    for code, values in texts(table).items():
        block.translations.create(language_code=code, **values)
    found = (ledger.find(Product, f"product:{code}") for code in table.get("products", []))
    block.products.set([product for product in found if product is not None])
    return block
