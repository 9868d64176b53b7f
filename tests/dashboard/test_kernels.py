"""Kernels of visitors: turns at the door, so many and no more, each its own visitor's; without a server."""

import asyncio
import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from werkbank.dashboard import kernels as module
from werkbank.dashboard.kernels import FIRST_SECONDS, TURNS, Visit, VisitorKernels


def alone(act):
    """A browser of the session keeps a loop of its own going in the thread of the tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, act).result()


@pytest.fixture
def kernels():
    """Kernels of which none is started."""
    return VisitorKernels()


def test_twenty_visitors_at_once_take_their_places_and_come_to_turn_a_few_at_a_time(kernels):
    """In the order in which they came."""
    begun, at_once = [], []

    async def page(visitor):
        async with kernels.turn(visitor) as kernel_id:
            begun.append(kernels.visits[kernel_id].visitor)
            at_once.append(len(begun) - len(done))
            await asyncio.sleep(0.001)
            done.append(visitor)

    async def all_at_once():
        kernels.most = kernels.each = 20
        pages = [asyncio.ensure_future(page(f"v{number}")) for number in range(20)]
        await asyncio.sleep(0)
        assert not kernels.room("v20")
        await asyncio.gather(*pages)

    done = []
    alone(all_at_once())
    assert begun == [f"v{number}" for number in range(20)]
    assert max(at_once) == min(TURNS, 20)
    assert all(0 < visit.until - module.time.monotonic() <= FIRST_SECONDS for visit in kernels.visits.values())


async def leaves_in_the_queue(page):
    page.cancel()


async def leaves_while_it_starts(page):
    await asyncio.sleep(0.01)
    page.cancel()


async def never_ends(_page):
    """As Voilà when a kernel dies while it makes a page of it."""


@pytest.mark.parametrize("fault", [leaves_in_the_queue, leaves_while_it_starts, RuntimeError, never_ends])
def test_who_falls_out_gives_his_turn_back_and_his_place(kernels, monkeypatch, fault):
    """However it went: everyone after him comes to turn, and nothing of him is left."""
    monkeypatch.setattr(module, "PAGE_SECONDS", 0.05)

    async def page(faulty):
        async with kernels.turn("faulty" if faulty else "v"):
            if faulty and fault is RuntimeError:
                raise RuntimeError
            await asyncio.sleep(9 if faulty else 0.001)

    async def act():
        faulty = [asyncio.ensure_future(page(faulty=True)) for _ in range(TURNS)]
        others = [asyncio.ensure_future(page(faulty=False)) for _ in range(2 * TURNS)]
        for one in faulty if fault is not RuntimeError else ():
            await fault(one)
        async with asyncio.timeout(2):
            await asyncio.gather(*others)
        fell = await asyncio.gather(*faulty, return_exceptions=True)
        assert {type(one) for one in fell} <= {asyncio.CancelledError, RuntimeError, TimeoutError}
        assert not kernels.turns.locked()
        for visit in kernels.visits.values():
            visit.until -= 0.001
        await kernels.end_lone()
        assert "faulty" not in {visit.visitor for visit in kernels.visits.values()}

    alone(act())


def test_a_kernel_without_a_sign_ends_and_one_that_is_looked_at_or_being_made_does_not(kernels, monkeypatch):
    """Six seconds after the last sign or connection; a connection that ends twice does not hide the next one."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    async def lives(_self, _kernel_id):
        return True

    monkeypatch.setattr(VisitorKernels, "_lives", lives)
    kernels.visits = {"made": Visit("a"), "seen": Visit("a", 120), "left": Visit("b", 120), "signs": Visit("b", 120)}
    kernels._kernel_connections.update(seen=0, left=0)
    for kernel_id in ("seen", "left"):
        kernels.notify_connect(kernel_id)
        kernels.notify_disconnect(kernel_id)
        kernels.notify_disconnect(kernel_id)
    kernels.notify_connect("seen")

    def left_at(moment):
        now[0] = moment
        kernels.sign_of_life("signs")
        alone(kernels.end_lone())
        return set(kernels.visits)

    assert left_at(105.9) == {"made", "seen", "left", "signs"}
    assert left_at(106.1) == {"made", "seen", "signs"}
    assert left_at(1000) == {"made", "seen", "signs"}
    assert kernels.visits["made"].until == math.inf


def test_a_kernel_is_open_to_its_own_visitor_and_one_that_nobody_asked_for_to_nobody(kernels):
    """What is gone is no secret: the page has to hear that it is."""
    kernels.visits = {"own": Visit("a")}
    kernels._kernels["pool"] = object()
    asked = [(kernel_id, visitor) for kernel_id in ("own", "pool", "gone", "") for visitor in ("a", "b")]
    assert [kernels.open_to(*one) for one in asked] == [True, False, False, False, True, True, True, True]


def test_one_visitor_takes_so_many_places_and_leaves_the_rest_to_others(kernels):
    """Until one of his own is free."""
    kernels.most, kernels.each = 5, 3
    kernels.visits = {f"{number}": Visit("a") for number in range(3)}
    assert [kernels.room(visitor) for visitor in "ab"] == [False, True]
    kernels.visits.pop("1")
    assert kernels.room("a")


def test_what_a_visitor_may_not_see_any_more_is_calculated_no_longer_though_he_is_connected(kernels):
    kernels.visits = {"a": Visit("a", 0), "b": Visit("b")}
    kernels._kernel_connections["a"] = 1
    kernels.closed = lambda visitor: visitor == "a"
    alone(kernels.end_lone())
    assert set(kernels.visits) == {"b"}
