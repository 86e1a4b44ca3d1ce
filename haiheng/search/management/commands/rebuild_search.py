from typing import Any

from django.core.management.base import BaseCommand

from haiheng.search import index, words
from haiheng.search.models import SearchEntry


class Command(BaseCommand):
    help = "Writes the search index anew from the content; the site stays searchable meanwhile."

    def handle(self, *_args: Any, **_options: Any) -> None:
        models = index.searchable_models()
        counted = words.Counts()
        for model in models:
            number = index.rebuild(model, counted)
            self.stdout.write(f"{model._meta.verbose_name_plural}: {number}")
        index.forget(SearchEntry.objects.exclude(kind__in=[model.search_kind for model in models]))
        words.replace(counted)
