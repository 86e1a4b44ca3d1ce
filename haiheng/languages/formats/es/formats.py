from haiheng.languages.formats.iso import *  # noqa: F403 - Django reads the names here
