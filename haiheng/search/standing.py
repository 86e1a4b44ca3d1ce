"""Where a hit stands decides before any score: the smaller the earlier."""

# Its model number was typed.
CODE = 0
# Every word, whole, in what it is; the first kind of content (products) before the others.
FIRST = 1
SUBJECT = 2
# Every word, if only begun, in the title.
TITLE = 3
TEXT = 4
