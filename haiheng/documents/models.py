from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from parler.fields import TranslationsForeignKey
from parler.managers import TranslatableManager
from parler.models import TranslatableModel, TranslatedFieldsModel

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Kind(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"
    ZIP = "zip", "ZIP"


class Document(TranslatableModel):
    """A file to download: datasheet, price list, certificate."""

    affects_public_pages = True

    # Written by intake alone, after its content was checked.
    file = models.FileField(_("file"), max_length=200, editable=False)
    original_name = models.CharField(_("file name"), max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    language = models.CharField(
        _("language of the document"),
        max_length=10,
        blank=True,
        help_text=_("Empty: the same file for all languages."),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TranslatableManager()
    if TYPE_CHECKING:
        translations: RelatedManager["DocumentTranslation"]

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.original_name

    @property
    def url(self) -> str:
        return self.file.url

    def title_for_reader(self) -> str:
        """The title in the active language, else the file's name without its ending."""
        title: str = self.safe_translation_getter("title", default="", language_code=get_language()) or ""
        return title or self.original_name.rsplit(".", 1)[0]

    def language_label(self) -> str:
        return str(settings.LANGUAGE_NAMES.get(self.language, self.language))


class DocumentTranslation(TranslatedFieldsModel):
    affects_public_pages = True

    master = TranslationsForeignKey(Document, related_name="translations", on_delete=models.CASCADE)
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("Empty: the name of the file."))

    class Meta:
        unique_together: ClassVar = [("language_code", "master")]
        verbose_name = _("title of a document")
        verbose_name_plural = _("titles of documents")

    def __str__(self) -> str:
        return self.title
