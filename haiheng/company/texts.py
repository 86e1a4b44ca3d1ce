"""What the company is called and says of itself in each language, as pages and mails ask for it."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from haiheng.languages.models import current_language


class CompanyTexts:
    """The part of the profile that reads its translations, without a query once they are there."""

    pk: Any
    legal_name: Any
    translations: Any

    def text(self, field: str, language: str | None = None) -> str:
        """A translated text in a language, else in the site's first that has it: a name is better than none."""
        found = self._texts(field)
        codes = (language or current_language(), *(code for code, _name in settings.LANGUAGES), *found)
        return next((found[code] for code in codes if code in found), "")

    def _texts(self, field: str) -> dict[str, str]:
        """By language, those that are written."""
        rows = self.translations.all() if self.pk else []
        return {row.language_code: value for row in rows if (value := getattr(row, field))}

    @property
    def short_name(self) -> str:
        return self.text("name") or str(self.legal_name)

    @property
    def shown_name(self) -> str:
        """What a page calls the company where it must call it something: before anybody wrote its name, its host."""
        return self.short_name or urlsplit(settings.SITE_URL).hostname or ""

    @property
    def other_name(self) -> str:
        """The name in the other script, small below the first one in the header."""
        return self._texts("name").get("en", "") if current_language().startswith("zh") else self.chinese_name

    @property
    def chinese_name(self) -> str:
        return self._texts("name").get("zh-hans", "")

    @property
    def address_text(self) -> str:
        return self.text("address")

    @property
    def hours_text(self) -> str:
        return self.text("hours")

    @property
    def response_text(self) -> str:
        return self.text("response_time")

    @property
    def legal_text(self) -> list[str]:
        return self.text("legal_lines").splitlines()
