"""News: articles in categories, with tags."""

from datetime import datetime
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from parler.fields import TranslationsForeignKey
from parler.models import TranslatableModel
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from haiheng.languages import models as languages
from haiheng.languages import slugs
from haiheng.prepared import Prepared, given
from haiheng.publishing.models import PERMISSIONS, ContentTranslation, Publishable, PublishableQuerySet
from haiheng.richtext import plain
from haiheng.richtext.fields import RichTextField
from haiheng.search.models import Searchable, SearchDocument


class Category(TranslatableModel):
    affects_public_pages = True
    keeps_history = True

    position = models.PositiveIntegerField(_("position"), default=0, db_index=True)

    class Meta:
        verbose_name = _("news category")
        verbose_name_plural = _("news categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.safe_translation_getter("name", any_language=True) or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("news:category", kwargs={"category": self.address})

    @property
    def address(self) -> str:
        """Its slug; where it has none in this language yet, one it has: what it holds keeps an address."""
        own = self.safe_translation_getter("slug")
        return str(own or languages.slug_elsewhere(self.translations.all()) or self.pk)


class CategoryTranslation(languages.CategoryTranslation):
    master = TranslationsForeignKey(Category, models.CASCADE, related_name="translations", null=True)

    class Meta(languages.CategoryTranslation.Meta):
        verbose_name = _("texts of a news category")


class Tag(TagBase):
    """A tag; one name for all languages."""

    affects_public_pages = True

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def search_touched(self) -> "models.QuerySet[Article]":
        return Article.objects.filter(tagged__tag=self.pk)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """A slug in the tag's own script; signs alone get a made-up one, reserved words a number."""
        slug = slugs.slug_for(tag) or slugs.fallback_slug("tag")
        return f"{slug}-{i}" if i is not None else slug

    def get_absolute_url(self) -> str:
        return reverse("news:tag", kwargs={"tag": self.slug})


class TaggedArticle(ItemBase):
    affects_public_pages = True
    search_owner = "content_object"

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged_articles")
    content_object = models.ForeignKey("news.Article", models.CASCADE, related_name="tagged")

    class Meta:
        verbose_name = _("tag of an article")
        verbose_name_plural = _("tags of articles")
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="news_tagged_once")]

    def __str__(self) -> str:
        return f"{self.tag} · {self.content_object}"


class ArticleQuerySet(PublishableQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def for_lists(self) -> Self:
        """With everything that a row of a list shows, in a fixed number of queries."""
        return self.select_related("category", "cover").prefetch_related("translations", "category__translations")

    def last_change(self) -> datetime | None:
        """When an article last came, changed or went."""
        now = timezone.now()
        moments = self.aggregate(
            saved=models.Max("updated_at"),
            came=models.Max("published_at", filter=models.Q(published_at__lte=now)),
            went=models.Max("expires_at", filter=models.Q(expires_at__lte=now)),
        )
        return max((moment for moment in moments.values() if moment), default=None)

    def for_rows(self) -> Self:
        """The same where the caller attaches the categories, which are kept in memory."""
        return self.select_related("cover").prefetch_related("translations")

    def counts_by_category(self, language: str | None = None) -> dict[int, int]:
        """How many are public in a language, by the number of the category."""
        rows = self.published(language).order_by().values_list("category").annotate(models.Count("pk"))
        return dict(rows)


class Article(Publishable, Searchable):
    search_kind = "article"

    category = models.ForeignKey(Category, models.PROTECT, related_name="articles", verbose_name=_("category"))
    author = models.CharField(
        _("author"), max_length=120, blank=True, help_text=_("Shown below the title; leave it empty to show none.")
    )
    cover = models.ForeignKey(
        "images.Picture", models.PROTECT, null=True, blank=True, related_name="covered_articles",
        verbose_name=_("cover picture"),
    )  # fmt: skip
    tags = TaggableManager(through=TaggedArticle, blank=True, verbose_name=_("tags"))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        default_permissions = PERMISSIONS
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="news_article_newest"),
            models.Index(fields=["category", "-published_at", "-id"], name="news_article_in_category"),
        ]

    def __str__(self) -> str:
        return self.safe_translation_getter("title", any_language=True) or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("news:article", kwargs={"category": self.category.address, "slug": self.slug})

    @cached_property
    def shown_tags(self) -> list[Tag]:
        """For its page: one small query, where prefetching takes as long as all the others."""
        return _TAGS_OF.rows(article=self.pk)

    def search_documents(self) -> dict[str, SearchDocument]:
        tags = ", ".join(tagged.tag.name for tagged in self.tagged.all())
        return {
            row.language_code: SearchDocument(
                row.title,
                plain.text(row.body),
                summary=row.summary,
                words=tags,
                details={"slug": row.slug, "category": self.category_id},
            )
            for row in self.translations.all()
            if row.ready
        }

    @classmethod
    def for_search(cls) -> ArticleQuerySet:
        return cls.objects.prefetch_related("translations", "tagged__tag")


_TAGS_OF = Prepared(
    lambda: Tag.objects.filter(tagged_articles__content_object=given("article", models.BigIntegerField()))
)


class ArticleTranslation(ContentTranslation):
    search_owner = "master"

    master = TranslationsForeignKey(Article, models.CASCADE, related_name="translations", null=True)
    summary = models.TextField(
        _("summary"), max_length=600, blank=True, help_text=_("One or two sentences for lists and search engines.")
    )
    body = RichTextField(_("text"), blank=True)

    class Meta(ContentTranslation.Meta):
        verbose_name = _("texts of an article")
