"""What people decide: legal bases here; selections, and the register they stand in, in modules of their own.

`werkbank.register.selections` and `.store` are imported where they are used: an analysis needs no database library.
"""

from werkbank.register.legal_bases import LegalBasis, load_legal_bases, require_legal_basis

__all__ = ["LegalBasis", "load_legal_bases", "require_legal_basis"]
