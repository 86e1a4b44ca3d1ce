from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from haiheng.health import metrics
from haiheng.health import views as health


class WorkerConfig(AppConfig):
    name = "haiheng.worker"
    verbose_name = _("Worker")

    def ready(self) -> None:
        # They need the models, which exist only now.
        from haiheng.worker import figures
        from haiheng.worker.models import is_alive

        health.NOTES["worker"] = is_alive
        metrics.SOURCES |= {
            "queues": figures.queues,
            "mails": figures.mails,
            "jobs": figures.jobs,
            "backups": figures.backups,
        }
