"""Which business parks there are: the park list, outlines, IBIS, context figures."""
