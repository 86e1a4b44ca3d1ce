"""How often each page was read: counted in memory, written in batches, without cookies and without persons."""

from haiheng.visits.queue import discard, flush, key_of, mark, record
from haiheng.visits.totals import total, totals, totals_for

__all__ = ["discard", "flush", "key_of", "mark", "record", "total", "totals", "totals_for"]
