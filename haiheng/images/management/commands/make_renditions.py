from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from haiheng.images import renditions
from haiheng.images.models import Picture, RenditionState


class Command(BaseCommand):
    help = "Makes the missing sizes of pictures now, instead of waiting for the worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="make all sizes of all pictures again")
        parser.add_argument("--failed", action="store_true", help="try the failed ones again, too")

    def handle(self, *, all: bool, failed: bool, **options: object) -> None:
        pictures = Picture.objects.all()
        if not all:
            states = [RenditionState.PENDING, *([RenditionState.FAILED] if failed else [])]
            pictures = pictures.filter(state__in=states)
        done = 0
        numbers = list(pictures.values_list("pk", flat=True))
        for pk in numbers:
            picture = Picture.objects.filter(pk=pk).first()
            if picture is None:
                continue
            if all:
                picture.renditions = {}
            done += renditions.build(picture)
        self.stdout.write(f"{done} of {len(numbers)} pictures complete.")
