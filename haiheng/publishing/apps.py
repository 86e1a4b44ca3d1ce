from datetime import datetime

from django.apps import AppConfig, apps
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _

from haiheng.pagecache import version


class PublishingConfig(AppConfig):
    name = "haiheng.publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        version.watch_due(next_due)
        from haiheng.publishing.working import forget  # it knows models

        post_delete.connect(forget, dispatch_uid="publishing")


def next_due(now: datetime) -> datetime | None:
    """The next moment at which any item of content goes live or expires by itself."""
    from haiheng.publishing.models import Publishable  # models exist only once the apps are loaded

    models = [model for model in apps.get_models() if issubclass(model, Publishable)]
    moments = [model.objects.next_due(now) for model in models]
    return min((moment for moment in moments if moment), default=None)
