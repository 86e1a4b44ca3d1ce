from django.db import models

from enquiries.models.enquiry import Verdict


class SpamLesson(models.Model):
    """A message judged by people, as the filter sees it: numbers of its features, which are hashes, and no text."""

    verdict = models.CharField(max_length=4, choices=Verdict)
    # Unsigned 32-bit numbers, ascending, so that the same text is the same bytes.
    features = models.BinaryField()
    # Finds the lesson that is to be taken back.
    digest = models.CharField(max_length=32, db_index=True)

    def __str__(self) -> str:
        return f"{self.verdict} {self.pk}"


class SpamFilter(models.Model):
    """What was learned from the lessons: one row, made anew by the worker whenever they have changed."""

    ONLY = 1

    # The state of the lessons it was made from.
    lessons = models.CharField(max_length=64)
    # Another one each time it is made.
    edition = models.CharField(max_length=16)
    # So many of each kind went into it.
    each = models.IntegerField()
    # A number per bucket, compressed.
    weights = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.each} + {self.each}"
