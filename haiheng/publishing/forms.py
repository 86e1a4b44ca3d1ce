"""The form of an item: when it is public, and words beside the field for what cannot be."""

import unicodedata
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from parler.forms import TranslatableModelForm

from haiheng.languages import slugs
from haiheng.publishing.models import State

MOMENTS = ("published_at", "expires_at")


def zone_label(moment: datetime | None = None) -> str:
    """The company's zone with its distance from UTC at that moment: "Asia/Hong_Kong, UTC+08:00"."""
    distance = timezone.localtime(moment or timezone.now()).strftime("%z")
    return f"{settings.TIME_ZONE}, UTC{distance[:3]}:{distance[3:]}"


def moment_words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M} ({zone_label(moment)})"


class MomentInput(forms.DateTimeInput):
    """The browser's own picker, which suits thumbs; also reads date and time from two fields."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "publishing-moment"}, format="%Y-%m-%dT%H:%M")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data:
            return data[name]
        return " ".join(data.get(f"{name}_{part}", "") for part in (0, 1)).strip()


class PublishableForm(TranslatableModelForm):
    """`verb` is the button that was pressed; empty: save the moments as they stand in the form."""

    verb = ""
    stored_state: State | None = None
    # Somebody else saved, published or discarded unpublished changes since the form was opened.
    outdated = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {name: getattr(self.instance, name) for name in MOMENTS}
        # When the changes of a live item are to become public; only after "Schedule".
        self.changes_at: datetime | None = None
        if "title" in self.fields:
            self.fields["title"].widget = forms.Textarea(
                attrs={"rows": 3, "class": "vLargeTextField publishing-title"}
            )
        for name in MOMENTS:
            if name in self.fields:
                self.fields[name].help_text = f"{self.fields[name].help_text} {zone_label()}"

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not any(unicodedata.category(sign)[0] in "LN" for sign in title):
            raise forms.ValidationError(_("A title needs at least one letter or figure: readers search for words."))
        return title

    def clean_slug(self) -> str:
        """One that is free; the database's own rule would speak at the top of the form, without a proposal."""
        slug: str = self.cleaned_data["slug"]
        others = self._meta.model._parler_meta.root_model._default_manager.filter(language_code=self.language_code)
        if self.instance.pk:
            others = others.exclude(master=self.instance.pk)
        if not slug or not others.filter(slug=slug).exists():
            return slug
        near = others.filter(slug__startswith=slug[: slugs.MAX_LENGTH - 4])
        taken = set(near.values_list("slug", flat=True))
        raise forms.ValidationError(
            _("Another item in this language has this address. Choose another one, for example %(free)s."),
            params={"free": next((each for each in slugs.alternatives(slug) if each not in taken), "")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.outdated:
            self.add_error(
                None,
                _(
                    "The unpublished changes were saved or published by somebody else meanwhile. What you typed is "
                    "below: compare it with the page in another tab, or save again to put it in their place."
                ),
            )
        if "published_at" not in self.fields:
            return cleaned
        for name in MOMENTS:
            self._keep_seconds(cleaned, name)
        if self.verb and not set(MOMENTS) & set(self.errors):
            getattr(self, f"_to_{self.verb}", lambda _cleaned: None)(cleaned)
        published, expires = cleaned.get("published_at"), cleaned.get("expires_at")
        if published and expires and expires <= published and "expires_at" not in self.errors:
            self.add_error("expires_at", _("It must expire after it is published."))
        return cleaned

    def _keep_seconds(self, cleaned: dict[str, Any], name: str) -> None:
        """The form shows minutes; what was not touched stays as it was, to the second."""
        stored, typed = self.stored[name], cleaned.get(name)
        if stored and typed and stored.replace(second=0, microsecond=0) == typed:
            cleaned[name] = stored

    def _to_draft(self, cleaned: dict[str, Any]) -> None:
        if self.stored_state in {None, State.DRAFT}:
            cleaned["published_at"] = None

    def _to_withdraw(self, cleaned: dict[str, Any]) -> None:
        cleaned["published_at"] = None

    def _to_expire(self, cleaned: dict[str, Any]) -> None:
        cleaned["expires_at"] = timezone.now()

    def _to_publish(self, cleaned: dict[str, Any]) -> None:
        now, typed = timezone.now(), cleaned.get("published_at")
        if typed and typed > now and typed != self.stored["published_at"]:
            self.add_error(
                "published_at",
                _("This moment is still to come. Press “Schedule”, or empty the field to publish now."),
            )
        elif not typed or typed > now:
            cleaned["published_at"] = now.replace(second=0, microsecond=0)
        expires = cleaned.get("expires_at")
        if expires and expires <= now:
            if expires == self.stored["expires_at"]:
                cleaned["expires_at"] = None
            else:
                self.add_error("expires_at", _("This moment has passed. Choose a later one, or empty the field."))

    def _to_schedule(self, cleaned: dict[str, Any]) -> None:
        now, typed = timezone.now(), cleaned.get("published_at")
        if not typed:
            self.add_error("published_at", _("Say when: date and time, in the company’s zone."))
        elif typed <= now:
            self.add_error(
                "published_at",
                forms.ValidationError(
                    _("This moment has passed: it is %(now)s. Choose a later one, or press “Publish”."),
                    params={"now": moment_words(now)},
                ),
            )
        elif self.stored_state == State.PUBLISHED:
            self.changes_at, cleaned["published_at"] = typed, self.stored["published_at"]
        expires = cleaned.get("expires_at")
        if typed and expires and expires <= typed:
            self.add_error("expires_at", _("It must expire after it is published."))
