from typing import ClassVar

from django.db import models


class DemoItem(models.Model):
    """What the demo content has brought in, so that a second run neither doubles nor revives anything."""

    key = models.CharField(max_length=120, unique=True)
    object_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "demo item"
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key
