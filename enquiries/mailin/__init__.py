"""Mail that comes back: from the mailbox to the timeline of the enquiry it belongs to.

`collecting` brings each mail from the IMAP server into the database, once. `settling` then decides what it is, with
`reading` (bytes to words and files), `recognising` (machines' mails), `bounces` and `matching` (which enquiry, and may
this sender speak there?), and files it, or leaves it to staff (`sorting`). `folding` shows quotes folded.
"""
