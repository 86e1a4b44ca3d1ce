"""Plain pages: about, privacy and whatever staff add."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from parler.fields import TranslationsForeignKey

from haiheng.publishing.models import PERMISSIONS, ContentTranslation, Publishable
from haiheng.richtext import plain
from haiheng.richtext.fields import RichTextField
from haiheng.search.models import Searchable, SearchDocument


class Page(Publishable, Searchable):
    search_kind = "page"

    class Role(models.TextChoices):
        ABOUT = "about", _("About the company")
        PRIVACY = "privacy", _("Privacy")

    role = models.CharField(
        _("role"), max_length=20, choices=Role, null=True, blank=True, unique=True,
        help_text=_("The site links to these pages by itself, for example to privacy from the message form."),
    )  # fmt: skip
    in_navigation = models.BooleanField(_("in the navigation"), default=False)
    in_footer = models.BooleanField(_("in the footer"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        default_permissions = PERMISSIONS
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.safe_translation_getter("title", any_language=True) or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pages:page", kwargs={"slug": self.slug})

    def search_documents(self) -> dict[str, SearchDocument]:
        return {
            row.language_code: SearchDocument(
                row.title, plain.text(row.body), summary=row.lead, details={"slug": row.slug}
            )
            for row in self.translations.all()
            if row.ready
        }


class PageTranslation(ContentTranslation):
    search_owner = "master"

    master = TranslationsForeignKey(Page, models.CASCADE, related_name="translations", null=True)
    lead = models.TextField(_("lead"), max_length=600, blank=True, help_text=_("The first, larger paragraph."))
    body = RichTextField(_("text"), blank=True)

    class Meta(ContentTranslation.Meta):
        verbose_name = _("texts of a page")
