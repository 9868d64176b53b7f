"""Kernels of visitors: a queue at the door, so many and no more, each its own visitor's; without a server."""

import asyncio
import math

import pytest

from werkbank.dashboard import kernels as module
from werkbank.dashboard.kernels import TURNS, Hand, Visit, VisitorKernels


@pytest.fixture
def kernels(monkeypatch):
    """Kernels of which only the start is played: `begun` and `at_once` tell how they were started."""

    async def start(self, *, kernel_id):
        self.begun.append(kernel_id)
        self.starting += 1
        self.at_once = max(self.at_once, self.starting)
        await asyncio.sleep(0.01)
        self.starting -= 1
        if kernel_id in self.failing:
            raise RuntimeError

    monkeypatch.setattr(VisitorKernels, "start_kernel", start)
    monkeypatch.setattr(VisitorKernels, "get_kernel", lambda self, kernel_id: kernel_id)
    made = VisitorKernels()
    made.begun, made.failing, made.starting, made.at_once = [], [], 0, 0
    return made


def test_twenty_visitors_at_once_start_a_few_kernels_at_a_time_in_the_order_they_came(kernels):
    """The page of each goes out before its kernel is there, and takes its place at once."""

    async def page(hand):
        kernel_id = await hand.start_kernel()
        begun = len(kernels.begun)
        await hand.get_kernel(kernel_id)
        await hand.done()
        return kernel_id, begun

    async def all_at_once():
        kernels.most = 20
        hands = [Hand(kernels, f"v{number}") for number in range(20)]
        assert not kernels.room
        return await asyncio.gather(*map(page, hands))

    pages = asyncio.run(all_at_once())
    assert kernels.at_once == min(TURNS, 20)
    assert kernels.begun == [kernel_id for kernel_id, _ in pages]
    assert {begun for _, begun in pages} == {0}
    assert {visit.visitor for visit in kernels.visits.values()} == {f"v{number}" for number in range(20)}


@pytest.mark.parametrize("fault", ["leaves in the queue", "leaves while it starts", "does not start"])
def test_who_falls_out_holds_nobody_up(kernels, fault):
    """His kernel is never started, or ends; the turn passes on."""

    async def act():
        hands = [Hand(kernels, "v") for _ in range(2 * TURNS)]
        names = [await hand.start_kernel() for hand in hands]
        at = len(hands) - 1 if fault == "leaves in the queue" else 0
        kernels.failing += [names[0]] if fault == "does not start" else []
        await asyncio.sleep(0)
        hands[at].left = fault != "does not start"
        for hand in sorted(hands, key=lambda one: one is not hands[at] or not at):
            await (hand.done() if hand.left else asyncio.wait({hand.get_kernel("")}))
            assert hand.over is (hand is hands[at])
            await hand.done()
        assert [name in kernels.begun for name in names] == [
            one != at or fault != "leaves in the queue" for one in range(len(names))
        ]
        await kernels.end_lone()
        assert names[at] not in kernels.visits

    asyncio.run(act())


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
        asyncio.run(kernels.end_lone())
        return set(kernels.visits)

    assert left_at(105.9) == {"made", "seen", "left", "signs"}
    assert left_at(106.1) == {"made", "seen", "signs"}
    assert left_at(1000) == {"made", "seen", "signs"}
    assert kernels.visits["made"].until == math.inf


def test_a_kernel_is_open_to_its_own_visitor_and_one_of_the_pool_to_nobody(kernels):
    """What is gone is no secret: the page has to hear that it is."""
    kernels.visits = {"own": Visit("a")}
    kernels._kernels["pool"] = object()
    asked = [(kernel_id, visitor) for kernel_id in ("own", "pool", "gone", "") for visitor in ("a", "b")]
    assert [kernels.open_to(*one) for one in asked] == [True, False, False, False, True, True, True, True]
