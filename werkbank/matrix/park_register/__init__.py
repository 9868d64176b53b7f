"""The park register in all its formats, and what is wrong with it.

source      bytes → text → rows            shape, projection, geojson    outlines
formats     which columns mean what        a new format is an entry here
reading     rows → records, figures        doubles     several rows of one park
assigning   which municipality             location    whether that is likely
own         the strict parks.csv           mapping, merging    phases of IBIS → the district's own parks
register    all of it put together: ParkRegister
"""

from werkbank.matrix.park_register.mapping import MAPPING_FILE, write_starter_mapping
from werkbank.matrix.park_register.merging import merge_phases, write_parks
from werkbank.matrix.park_register.register import IBIS, ParkRegister, read_register
from werkbank.matrix.park_register.source import file_hash

__all__ = [
    "IBIS",
    "MAPPING_FILE",
    "ParkRegister",
    "file_hash",
    "merge_phases",
    "read_register",
    "write_parks",
    "write_starter_mapping",
]
