"""How often each page was read: counted in memory, written in batches, without cookies and without persons."""

from haiheng.visits.queue import discard, flush, key_of, mark, record
from haiheng.visits.totals import totals, totals_for

__all__ = ["discard", "flush", "key_of", "mark", "record", "totals", "totals_for"]
