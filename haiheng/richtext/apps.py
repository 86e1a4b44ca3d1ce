from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RichtextConfig(AppConfig):
    name = "haiheng.richtext"
    verbose_name = _("Rich text")

    def ready(self) -> None:
        # Needs the models, which exist only now.
        from haiheng.documents import uses as document_uses
        from haiheng.images import uses as picture_uses
        from haiheng.richtext import items, uses
        from haiheng.richtext.files import DocumentLinks

        picture_uses.register(uses.of_picture)
        document_uses.register(uses.of_document)
        items.register(DocumentLinks())
