from django.db import models


class SpamFeature(models.Model):
    """In how many messages judged by people a feature of text was found. The feature itself is a hash, no text."""

    # How many messages were judged at all is kept in a row of its own, below every hash.
    TOTAL = -1

    bucket = models.IntegerField(primary_key=True)
    ham = models.IntegerField(default=0)
    spam = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.ham}/{self.spam}"
