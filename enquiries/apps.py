from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from haiheng.backup import parts


class EnquiriesConfig(AppConfig):
    name = "enquiries"
    verbose_name = _("Enquiries")

    def ready(self) -> None:
        # They need the models, which exist only now.
        from enquiries import erasing, words

        parts.JOURNALS.append(erasing.journal)
        # In this order: what is erased is found by nothing.
        parts.AFTERWARDS += [
            ("Persons erased again", erasing.erase_again),
            ("Enquiries put into the inbox’s search", words.rebuild),
        ]
