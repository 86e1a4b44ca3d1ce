/* Never loaded. Texts of Django's own scripts that its catalogue does not have in Chinese: gettext finds them here. */
gettext("(click to clear)");
gettext('Choose %s by selecting them and then select the "Choose" arrow button.');
gettext("Choose all %s");
gettext("Choose selected %s");
gettext('Remove %s by selecting them and then select the "Remove" arrow button.');
gettext("Remove all %s");
gettext("Remove selected %s");
