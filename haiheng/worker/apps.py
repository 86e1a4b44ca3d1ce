from datetime import timedelta

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from haiheng.health import metrics
from haiheng.health import views as health

SILENT_AFTER = timedelta(minutes=2)


class WorkerConfig(AppConfig):
    name = "haiheng.worker"
    verbose_name = _("Worker")

    def ready(self) -> None:
        health.NOTES["worker"] = _is_alive
        # It needs the models, which exist only now.
        from haiheng.worker import figures

        metrics.SOURCES |= {"queues": figures.queues, "mails": figures.mails, "jobs": figures.jobs}


def _is_alive() -> bool:
    """Whether mails and pictures are worked on; it says so every ten seconds."""
    from haiheng.worker.models import last_beat  # models exist only once the apps are loaded

    beat = last_beat()
    return beat is not None and timezone.now() - beat < SILENT_AFTER
