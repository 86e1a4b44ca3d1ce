"""The last part of an address: made from titles in any script, never empty, never a word the site needs itself."""

import secrets
import unicodedata

from django.conf.global_settings import LANGUAGES as ALL_LANGUAGES
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 120

# Words that addresses need, now or foreseeably: /news/tags/, /news/feed/, /products/compare/, /zh-hans/ …
RESERVED = frozenset(
    {
        "admin", "api", "archive", "compare", "contact", "enquiry", "favicon.ico", "feed", "healthz", "media",
        "metrics", "news", "page", "preview", "products", "robots.txt", "search", "share", "sitemap", "sitemap.xml",
        "static", "tags", "thanks",
    }
    | {code.lower() for code, _name in ALL_LANGUAGES}
    | {"zh", "zh-cn", "zh-tw", "zh-hk"}
)  # fmt: skip


def slug_for(text: str) -> str:
    """A slug from a title: letters and digits of any script, lower case, cut between words; "" if none is left."""
    slug = slugify(unicodedata.normalize("NFKC", text), allow_unicode=True)
    if len(slug) > MAX_LENGTH:
        cut = slug[: MAX_LENGTH + 1]
        slug = cut.rsplit("-", 1)[0] if "-" in cut else slug[:MAX_LENGTH]
    return slug.strip("-_")


def fallback_slug(word: str) -> str:
    """For titles without a letter or digit: the kind of item and four random characters."""
    return f"{word}-{secrets.token_hex(2)}"


def validate_slug(value: str) -> None:
    """Raises ValidationError for a word that the site needs itself, or one that would change when normalised."""
    if value.lower() in RESERVED:
        raise ValidationError(
            _("“%(value)s” is a word that the site needs for its own addresses. Choose another one."),
            code="reserved",
            params={"value": value},
        )
    if value != value.lower():
        raise ValidationError(_("Addresses are written in lower case."), code="case")


def alternatives(slug: str) -> "list[str]":
    """The slug itself, then numbered ones, for when it is taken."""
    return [slug, *(f"{slug[: MAX_LENGTH - 4]}-{number}" for number in range(2, 1000))]
