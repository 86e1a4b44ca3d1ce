"""Posts and pages of an export, and the articles and pages that they become."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from haiheng.importing.models import ImportedItem
from haiheng.importing.wordpress import texts
from haiheng.importing.wordpress.library import WordPressLibrary
from haiheng.importing.wordpress.reading import Channel, Item, Term
from haiheng.languages import slugs
from haiheng.pages.models import Page
from haiheng.redirects import lookup, paths, placing
from haiheng.redirects.models import FormerNumber, Origin
from haiheng.richtext import plain
from haiheng.richtext.sanitizer import clean
from news import tags
from news.models import Article, Category, Tag

SERIES = "wordpress"
LEFT_OUT = {"trash", "auto-draft", "inherit"}
_PUBLIC = {"publish", "future"}
_TAG = re.compile(r"<[^>]*>")
_NOT_WORDS = re.compile(r"<(script|style|object|svg|noscript)\b.*?</\1>", re.I | re.DOTALL)
# A text that keeps fewer of its words is worth a look.
_ENOUGH = 0.97


class Post:
    """One item as the site will have it."""

    def __init__(self, item: Item, posts: "Posts") -> None:
        self.item = item
        self._library = posts.library
        self._authors = posts.channel.authors

    @property
    def key(self) -> str:
        return f"{self.item.post_type}:{self.item.post_id}"

    @property
    def model(self) -> type[Article] | type[Page]:
        return Article if self.item.post_type == "post" else Page

    @cached_property
    def title(self) -> str:
        named = " ".join(plain.text(f"<p>{self.item.title}</p>").split())
        start = " ".join(plain.text(_TAG.sub(" ", self.item.content)).split()[:8])
        return (named or start or _("Untitled %(number)s") % {"number": self.item.post_id})[:300]

    @property
    def is_public(self) -> bool:
        return self.item.status in _PUBLIC and not self.item.post_password

    @property
    def author(self) -> str:
        return self._authors.get(self.item.creator, self.item.creator)[:120]

    @property
    def published_at(self) -> datetime | None:
        """In the zone of the company where the export has no universal time."""
        for text, zone in ((self.item.post_date_gmt, UTC), (self.item.post_date, ZoneInfo(settings.TIME_ZONE))):
            try:
                return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
            except ValueError:
                continue
        return None

    @property
    def summary(self) -> str:
        text = plain.text(f"<p>{self.item.excerpt}</p>")
        return text if len(text) <= 600 else text[:600].rsplit(" ", 1)[0][:599] + "…"

    @property
    def slug(self) -> str:
        return slugs.slug_for(unquote(self.item.post_name)) or slugs.slug_for(self.title)

    def terms(self, domain: str) -> list[Term]:
        return [term for term in self.item.terms if term.domain == domain]

    @cached_property
    def category(self) -> Term:
        """The first real one; WordPress gives posts without any the catch-all."""
        found = self.terms("category")
        real = [term for term in found if not term.slug.startswith("uncategori")]
        return next(iter([*real, *found]), Term("category", "uncategorized", _("Uncategorized")))

    @property
    def tag_names(self) -> list[str]:
        """An article has one category: further ones become tags, so that no order is lost."""
        others = [term.name for term in self.terms("category") if term is not self.category]
        others = [name for name in others if slugs.slug_for(name) != "uncategorized"]
        names = [term.name for term in self.terms("post_tag")] + others
        clean_names = (" ".join(plain.text(f"<p>{name}</p>").split())[: tags.MAX_LENGTH] for name in names)
        return list({name.casefold(): name for name in clean_names if name}.values())

    @cached_property
    def written(self) -> texts.Written:
        return texts.html(self.item.content, self._library, self.item.post_id)

    @cached_property
    def body(self) -> str:
        return clean(self.written.html)

    @cached_property
    def digest(self) -> str:
        """Of everything the export says of it, and of the pictures that are there now."""
        item, files = self.item, self._library.files
        shown = texts.addresses_of_pictures(item.content)
        galleries = [each.path for each in self._library.attachments.values() if each.parent == item.post_id]
        cover = self._library.attachments.get(item.meta.get("_thumbnail_id", ""))
        wanted = [*shown, *galleries, *([cover.path] if cover else [])]
        said = [item.fields, [vars(term) for term in item.terms], self.author, [files.find(each) for each in wanted]]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

    def judge(self) -> list[str]:
        """What staff should know before and after."""
        notes = []
        if not self.is_public:
            notes.append(_("becomes a draft"))
        if len(self.terms("category")) > 1 and self.model is Article:
            notes.append(_("further categories become tags"))
        if self.written.missing:
            names = ", ".join(name.rpartition("/")[2] for name in dict.fromkeys(self.written.missing))
            notes.append(_("pictures that are not there: %(names)s") % {"names": names[:300]})
        if self.written.shortcodes:
            names = ", ".join(sorted(self.written.shortcodes))
            notes.append(_("shortcodes that were taken out: %(names)s") % {"names": names[:300]})
        kept = self.kept_words()
        if kept < _ENOUGH:
            notes.append(_("%(percent)d %% of the words are kept") % {"percent": int(kept * 100)})
        return notes

    def kept_words(self) -> float:
        before = len(plain.text(_NOT_WORDS.sub(" ", self.written.html)).split())
        return min(len(plain.text(self.body).split()) / before, 1.0) if before else 1.0


class Posts:
    """Writes posts and pages; knows which came before."""

    def __init__(self, source: str, channel: Channel, library: WordPressLibrary, language: str) -> None:
        self.source, self.channel, self.library, self.language = source, channel, library, language
        self._terms: dict[str, str] = {}
        # By name, with the slug that WordPress had for it.
        self._categories: dict[str, tuple[Category, str]] = {}

    def known(self, post: Post) -> ImportedItem | None:
        return ImportedItem.objects.filter(source=self.source, key=post.key).first()

    def object_of(self, known: ImportedItem) -> Any:
        return apps.get_model(known.model)._default_manager.filter(pk=known.object_id).first()

    def make_room(self, item: Item) -> None:
        """A draft with an address for each new item, so that texts can link to those that come after them."""
        post = Post(item, self)
        if item.status in LEFT_OUT or self.known(post) is not None:
            return
        with transaction.atomic():
            own: dict[str, Any] = {"category": self._category(post.category)} if post.model is Article else {}
            if post.model is Page:
                own["in_footer"] = False
            made = post.model._default_manager.create(**own)
            self._text_of(made, post).save()
            ImportedItem.objects.create(
                source=self.source, key=post.key, model=made._meta.label_lower, object_id=made.pk
            )

    def learn_addresses(self, items: Iterable[Item]) -> None:
        for item in items:
            known = self.known(Post(item, self))
            made = self.object_of(known) if known else None
            if made is None or not made.has_translation(self.language):
                continue
            path = lookup.unquoted(made, self.language)
            self.library.by_number[item.post_id] = path
            if old := old_path(item.link):
                self.library.by_address[old] = path

    def write(self, post: Post) -> None:
        if self.known(post) is None:
            # There was no room: try again, and let the reason be seen.
            self.make_room(post.item)
        known = self.known(post)
        made = self.object_of(known) if known else None
        if known is None or made is None:
            return
        # Pictures are decoded before the transaction begins.
        body, cover = post.body, self.library.cover(post.item.meta.get("_thumbnail_id", ""))
        with transaction.atomic():
            made.published_at = post.published_at if post.is_public else None
            if isinstance(made, Article):
                made.category, made.author = self._category(post.category), post.author
                made.cover = cover or made.cover
            text = self._text_of(made, post)
            text.title, text.body, text.ready = post.title, body, post.is_public
            setattr(text, "summary" if isinstance(made, Article) else "lead", post.summary)
            made.save()
            text.save()
            if isinstance(made, Article):
                made.tags.set(post.tag_names)
                self._terms |= {term.slug: term.name for term in post.terms("post_tag") if term.slug}
            known.digest = post.digest
            known.save()
            self._redirect(post, lookup.unquoted(type(made)._default_manager.get(pk=made.pk), self.language))

    def _text_of(self, made: Any, post: Post) -> Any:
        texts_model = made._parler_meta.root_model
        text = texts_model._default_manager.filter(master=made, language_code=self.language).first()
        if text is None:
            text = texts_model(master=made, language_code=self.language, title=post.title)
            text.slug = _free_slug(text, post.slug)
        return text

    def _category(self, term: Term) -> Category:
        """The one of this name, else a new one."""
        name = " ".join(plain.text(f"<p>{term.name}</p>").split())[:80]
        if name not in self._categories:
            texts_model = Category._parler_meta.root_model
            found = texts_model._default_manager.filter(name__iexact=name, language_code=self.language).first()
            if found is None:
                category = Category.objects.create(position=Category.objects.count())
                found = texts_model(master=category, language_code=self.language, name=name)
                found.slug = _free_slug(found, slugs.slug_for(unquote(term.slug)) or slugs.slug_for(name))
                found.save()
            self._categories[name] = (Category.objects.get(pk=found.master_id), term.slug)
        return self._categories[name][0]

    def _redirect(self, post: Post, path: str) -> None:
        if not post.is_public:
            return
        FormerNumber.objects.update_or_create(series=SERIES, number=post.item.post_id[:40], defaults={"target": path})
        self._lead(old_path(post.item.link), path)

    def redirect_terms(self) -> None:
        """Lists of categories and tags under the addresses that WordPress gives them."""
        base = urlsplit(self.channel.link).path.rstrip("/")
        for category, slug in self._categories.values():
            self._lead(_key(f"{base}/category/{unquote(slug)}"), lookup.unquoted(category, self.language))
        for slug, name in self._terms.items():
            tag = Tag.objects.filter(name__iexact=name[: tags.MAX_LENGTH]).first()
            if tag is not None:
                with translation.override(self.language):
                    path = paths.decoded(tag.get_absolute_url())
                self._lead(_key(f"{base}/tag/{unquote(slug)}"), path)

    @staticmethod
    def _lead(old: str, path: str) -> None:
        """Lead an old address here, unless a page of the site stands there."""
        if old and old != paths.key(path) and not lookup.is_live(old):
            try:
                placing.point(old, path, origin=Origin.IMPORT)
            except ValidationError:
                return


def old_path(link: str) -> str:
    """The key of an item's old address; "" where it is no path, as with ?p=12."""
    return "" if urlsplit(link).query else _key(urlsplit(link).path)


def _key(path: str) -> str:
    try:
        return paths.old_address(path)
    except ValidationError:
        return ""


def _free_slug(text: Any, wanted: str) -> str:
    """The slug itself, or numbered where another item has it; "" lets the text make its own."""
    if not wanted or wanted in slugs.RESERVED:
        return ""
    others = type(text)._default_manager.filter(language_code=text.language_code).exclude(pk=text.pk)
    taken = set(others.filter(slug__startswith=wanted[: slugs.MAX_LENGTH - 4]).values_list("slug", flat=True))
    return next(slug for slug in slugs.alternatives(wanted) if slug not in taken)
