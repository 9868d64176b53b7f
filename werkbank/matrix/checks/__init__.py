"""What returned matrices say and should not: looked at after reading, cell by cell and return by return.

`content_findings` needs nothing but the matrix and runs whenever one is read; `earlier_findings` and `date_findings`
need the round before and today's date, and run in `werkbank check`.
"""

from werkbank.matrix.checks import content_findings, date_findings, earlier_findings

__all__ = ["content_findings", "date_findings", "earlier_findings"]
