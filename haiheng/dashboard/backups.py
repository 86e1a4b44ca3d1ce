"""What the staff area says of backups."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from haiheng.backup.models import Copy, Where

OLD = timedelta(days=2)


def warning() -> str:
    """Why the site would be lost with its machine, or "". Before there is a second place, the checklist tells."""
    copy = Copy.objects.filter(where=Where.AWAY).first()
    if copy is None or not (copy.made_at or copy.trouble):
        return ""
    trouble = f" {copy.trouble}" if copy.trouble else ""
    if copy.made_at is None:
        return _("No backup has left this machine yet.") + trouble
    if copy.made_at < timezone.now() - OLD:
        day = timezone.localtime(copy.made_at).date().isoformat()
        return _("The newest backup away from this machine is of %(day)s.") % {"day": day} + trouble
    if settings.BACKUP_URL and not copy.off_machine:
        return _("The backups lie on this machine’s own disk. If it fails, they are lost with it.")
    return ""
