from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from parler.admin import TranslatableAdmin

from haiheng.company.models import CompanyProfile
from haiheng.history.admin import HistoryAdmin
from haiheng.images import markup
from haiheng.publishing.admin import SEARCH_ENGINES, NotReadyFilter, PublishableAdmin, PublishableForm, StateFilter
from haiheng.seo.sitemaps import in_language
from haiheng.visits.most_read import MostReadPaginator, with_reads
from news.models import Article, ArticleTranslation, Category, Tag, TaggedArticle
from news.tags import TagsField

if TYPE_CHECKING:
    TagModelAdmin = admin.ModelAdmin[Tag]
else:
    TagModelAdmin = admin.ModelAdmin

SUGGESTIONS = 20


class ArticleForm(PublishableForm):
    tags = TagsField(
        label=_("Tags"),
        required=False,
        help_text=_("Separate them by a comma. Capital and small letters make no difference."),
    )


@admin.register(Article)
class ArticleAdmin(PublishableAdmin):
    form = ArticleForm
    paginator = MostReadPaginator
    list_display = ["named", "state_chip", "category", "languages", "published_at", "reads"]
    sortable_by = ["state_chip", "category", "published_at", "reads"]
    list_filter = [StateFilter, "category", NotReadyFilter, "published_at"]
    search_fields = ["translations__title", "translations__summary", "author", "tagged__tag__name"]
    autocomplete_fields = ["cover"]
    readonly_fields = ["cover_preview"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "body", "ready"]}),
        (_("For all languages"), {"fields": ["category", "tags", "author", ("cover", "cover_preview")]}),
        (_("Publishing"), {"fields": [("published_at", "expires_at")]}),
        SEARCH_ENGINES,
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_reads(super().get_queryset(request))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"author": CompanyProfile.load().short_name, **super().get_changeform_initial_data(request)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Subqueries: a join with texts and tags would have to be made distinct, all columns of all hits."""
        for word in search_term.split():
            texts = ArticleTranslation.objects.filter(Q(title__icontains=word) | Q(summary__icontains=word))
            tagged = TaggedArticle.objects.filter(tag__name__icontains=word)
            found = Q(pk__in=texts.values("master")) | Q(pk__in=tagged.values("content_object"))
            queryset = queryset.filter(found | Q(author__icontains=word))
        return queryset, False

    def address_in(self, obj: Any, language: str) -> str:
        return in_language(obj, language)

    @admin.display(description=_("reads"), ordering="reads_total")
    def reads(self, obj: Any) -> int:
        return int(obj.reads_total)

    @admin.display(description=_("chosen picture"))
    def cover_preview(self, obj: Article) -> SafeString | str:
        return markup.thumbnail_html(obj.cover, css="cover-thumbnail") if obj.cover else "–"


@admin.register(Category)
class CategoryAdmin(HistoryAdmin, TranslatableAdmin):
    list_display = ["name", "position", "articles"]
    list_editable = ["position"]
    search_fields = ["translations__name"]
    fields = ["name", "slug", "description", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        rows = super().get_queryset(request).prefetch_related("translations")
        return rows.annotate(held=Count("articles"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        return {"slug": ("name",)}

    @admin.display(description=_("articles"), ordering="held")
    def articles(self, obj: Any) -> int:
        return int(obj.held)


@admin.register(Tag)
class TagAdmin(TagModelAdmin):
    list_display = ["name", "slug", "articles"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(held=Count("tagged_articles"))

    @admin.display(description=_("articles"), ordering="held")
    def articles(self, obj: Any) -> int:
        return int(obj.held)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.suggestions)
        return [path("suggestions/", view, name="news_tag_suggestions"), *super().get_urls()]

    def suggestions(self, request: HttpRequest) -> JsonResponse:
        """Names that hold what was typed, those that begin with it first; for the field of an article."""
        term = request.GET.get("term", "").strip()[:100].replace("\x00", "")
        if not self.has_view_permission(request):
            return JsonResponse({"results": []}, status=403)
        names = list(Tag.objects.filter(name__icontains=term).order_by("name").values_list("name", flat=True)[:200])
        names.sort(key=lambda name: not name.casefold().startswith(term.casefold()))
        return JsonResponse({"results": [{"id": name, "text": name} for name in names[:SUGGESTIONS]]})
