"""Texts of the packages below that they do not bring in Chinese, and that staff see.

Listed here, makemessages finds them; what locale/ says wins over a package's own catalogue.
"""

from django.utils.translation import gettext_noop as _

PARLER = [
    _("Are you sure?"),
    _("Cannot delete %(name)s"),
    _("Delete Translation"),
    _("{0} Translation"),
    _("{0} translation of {1}"),
    _(
        "Deletion of the %(language_name)s translation of %(object_name)s '%(escaped_object)s' is not allowed, "
        "because it is the last available translation of this instance."
    ),
]
EDITOR = [_("Cancel"), _("Title"), _("URL"), _("Update")]
ORDER = [_("ordering"), _("parent")]
# The same words as in our own menu.
ALLAUTH = [
    _("Sign Out"),
    _("Are you sure you want to sign out?"),
    _("You have signed out."),
    _("Two-Factor Authentication"),
]
# Django's own Chinese puts blanks where none belong.
DJANGO = [
    _("Add %s"),
    _("Add %(name)s"),
    _("Change %s"),
    _("View %s"),
    _("Select %s to change"),
    _("Select %s to view"),
    _("Delete selected %(verbose_name_plural)s"),
    _("Add another %(verbose_name)s"),
    _(" By %(filter_title)s "),
    _("Model name"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _(":"),
    _("Error:"),
]
