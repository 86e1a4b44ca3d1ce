from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haiheng.pagecache import version


class CompanyConfig(AppConfig):
    name = "haiheng.company"
    verbose_name = _("Company")

    def ready(self) -> None:
        from haiheng.company.holidays import next_change
        from haiheng.company.models import CompanyProfile, Holiday

        def note_change(**_kwargs: Any) -> None:
            moment = next_change(timezone.now())
            if moment is not None:
                version.note_due(moment)

        def saved(**_kwargs: Any) -> None:
            transaction.on_commit(note_change)

        version.watch_due(next_change)
        for model in (CompanyProfile, Holiday):
            post_save.connect(saved, sender=model, weak=False, dispatch_uid=f"company.due.{model.__name__}")
