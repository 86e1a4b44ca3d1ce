"""The picture that messengers show with a link."""

from haiheng.addresses import absolute
from haiheng.images import markup
from haiheng.images.models import Picture
from haiheng.seo.head import ShareImage


def share_image(picture: Picture | None, alt: str) -> ShareImage | None:
    if picture is None:
        return None
    made = markup.share(picture)
    return ShareImage(absolute(made.url), made.width, made.height, alt)
