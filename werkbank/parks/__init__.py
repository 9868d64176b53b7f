"""Which business parks there are: the district's list, outlines, IBIS, municipalities, context figures."""
