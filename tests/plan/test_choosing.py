"""The proposed set is the lightest that gives what is needed, against trying every set; one outcome, and no new hole."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.plan.test_interventions import CATALOGUE, parks
from werkbank.plan.interventions import answers, choose, high_indicators, propose, suffices

EVERY = [one.id for one in CATALOGUE.interventions]


def by_trying(able, high, catalogue):
    """Every set, from the least weight, the fewest and the first of the catalogue: the first that has all there is."""
    place = {one.id: number for number, one in enumerate(catalogue.interventions)}
    kind = {one.id: one.kind for one in catalogue.interventions}

    def given_by(some):
        answered = {code for code in high for one in some if suffices(one, code, catalogue)}
        return answered, {kind[one.intervention] for one in some}

    def order(some):
        return sum(one.weight for one in some), len(some), sorted(place[one.intervention] for one in some)

    sets = chain.from_iterable(combinations(able, n) for n in range(len(able) + 1))
    return min((some for some in sets if given_by(some) == given_by(able)), key=order)


@given(park=parks(), kept=st.sets(st.sampled_from(EVERY), min_size=1, max_size=9))
def test_it_is_what_trying_every_set_finds(park, kept):
    own = tuple(one for one in CATALOGUE.interventions if one.id in kept)
    catalogue = CATALOGUE.model_copy(update={"interventions": own})
    proposals, high = propose(park, catalogue), high_indicators(park, catalogue)
    able = [one for one in proposals if not one.needs_confirmation]
    chosen = choose(proposals, high, catalogue)
    assert {one.intervention for one in chosen} == {one.intervention for one in by_trying(able, high, catalogue)}
    assert choose(proposals[::-1], high, catalogue)[::-1] == chosen


@given(park=parks())
def test_nothing_that_could_be_answered_is_left_open(park):
    proposals = propose(park, CATALOGUE)
    waiting = [one for one in proposals if one.needs_confirmation]
    chosen = choose(proposals, high_indicators(park, CATALOGUE), CATALOGUE)
    everything, proposed = answers(park, proposals, CATALOGUE), answers(park, (*chosen, *waiting), CATALOGUE)
    assert [one.indicator for one in proposed.holes] == [one.indicator for one in everything.holes]
    assert [*map(bool, proposed.kinds.values())] == [*map(bool, everything.kinds.values())]
    assert not set(waiting) & set(chosen)
