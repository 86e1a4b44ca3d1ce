from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from haiheng.search import index
from haiheng.search.models import Searchable, SearchEntry

BATCH = 500


class Command(BaseCommand):
    help = "Writes the search index anew from the content; the site stays searchable meanwhile."

    def handle(self, *_args: Any, **_options: Any) -> None:
        models = [model for model in apps.get_models() if issubclass(model, Searchable)]
        for model in models:
            numbers = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(numbers), BATCH):
                index.refresh(model, numbers[start : start + BATCH])
            index.forget(SearchEntry.objects.filter(kind=model.search_kind).exclude(object_id__in=numbers))
            self.stdout.write(f"{model._meta.verbose_name_plural}: {len(numbers)}")
        index.forget(SearchEntry.objects.exclude(kind__in=[model.search_kind for model in models]))
