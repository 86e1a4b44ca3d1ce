from haiheng.languages.formats.iso import *  # noqa: F403 - Django reads the names here

# With Western digits; a comma would be read as the mark of thousands.
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
