"""The dashboard's server under who means it no good, and under an hour of visitors who come and go."""

import contextlib
import http.client
import json
import random
import re
import time

import psutil
import websocket

import werkbank as wb
from werkbank.dashboard.proxy import Proxy
from werkbank.dashboard.serve import Behind, running
from werkbank.sharing.bundle import bundle_of

SECRET = "geheim-" * 8
FUZZED, HOUR = 1_000, 3_600
AT_MOST = 20
"""MiB more than after the first ten minutes, or the first sixth of a shorter time."""
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
PLACES = (
    "/", "/api/kernels", "/api/kernels/{}", "/api/kernels/{}/{}", "/api/kernels/{}/channels", "/werkbank/state/{}",
    "/voila/api/shutdown/{}", "/voila/static/{}", "/voila/templates/{}", "/voila/files/{}", "/voila/query/{}", "/{}",
    "/api/contents/{}", "/werkbank/{}", "/login?next={}", "/?token={}",
)  # fmt: skip
KINDS = (
    "execute_request", "comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request", "inspect_request",
    "complete_request", "history_request", "interrupt_request", "debug_request", "input_reply", "", None,
)  # fmt: skip


@contextlib.contextmanager
def behind(bundles):
    """A server behind a proxy; `bundles` are by visitor."""
    identities = {who: {"audience": "riec", "role": "analist"} for who in bundles}
    proxy = Proxy(host="localhost", port=1, identity_header="X-Remote-User", secret_file="x", identities=identities)
    with running(bundles, visitors=12, behind=Behind(proxy, SECRET, {who: who for who in bundles})) as server:
        yield server


def asked(server, who, path, method="GET", body=None, **head):
    """Status, headers and text of what the server answers to a visitor."""
    with contextlib.closing(http.client.HTTPConnection(server.place.removeprefix("http://"), timeout=60)) as connection:
        head = {"X-Werkbank-Secret": SECRET, "X-Remote-User": who, **head}
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in head.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, b"" if answer.status == 101 else answer.read()


def begun(server, who):
    """The name of a kernel that the visitor started, and an open socket to it; None where there is no room for another."""
    status, head, body = asked(server, who, "/wat-als")
    if status == 503:
        return None
    found = re.search(r'"kernelId": "([0-9a-f-]+)"', body.decode())
    return found[1], head["Set-Cookie"].partition(";")[0], opened(server, who, found[1])


def opened(server, who, kernel_id):
    address = f"{server.place.replace('http', 'ws')}/api/kernels/{kernel_id}/channels?session_id=a"
    head = {"X-Werkbank-Secret": SECRET, "X-Remote-User": who}
    return websocket.create_connection(address, header=head, timeout=5, suppress_origin=True)


def junk(chance, *names):
    """Text that is no name, or is one of these."""
    made = "".join(chr(chance.choice((chance.randrange(33, 127), chance.randrange(160, 0x2000)))) for _ in range(9))
    return chance.choice((*names, made, "../" * 4, "%00%2e%2e%2f", "a" * 3_000, "", "-1", "null"))


def message(chance, *names):
    """What may come over a socket: half a message, a whole one that asks for what nobody may ask, or noise."""
    if chance.random() < 0.3:
        return bytes(chance.randrange(256) for _ in range(chance.choice((0, 3, 40, 4_000))))
    code = "import os, pathlib; print([p.read_text() for p in pathlib.Path('..').rglob('*.json')])"
    content = chance.choice((
        {"code": code, "silent": False, "user_expressions": {"a": code}}, {"comm_id": junk(chance, *names), "data": {}},
        {"comm_id": junk(chance), "target_name": "jupyter.widget", "data": {"state": {"_model_name": junk(chance)}}},
        {}, None, [[[[]]]], junk(chance), {"data": {"method": "update", "state": {"value": junk(chance), "index": 10**12}}},
    ))  # fmt: skip
    header = {
        "msg_type": chance.choice(KINDS),
        "msg_id": junk(chance, *names),
        "session": "a",
        "username": "",
        "version": "5.3",
    }
    told = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": [],
            "channel": chance.choice(("shell", "control", "stdin", "iopub", junk(chance), None))}  # fmt: skip
    for key in chance.sample(sorted(told), chance.choice((0, 0, 0, 1, 3))):
        told.pop(key)
    text = json.dumps(told)
    return text[: chance.choice((len(text), len(text), len(text) // 2))]


def shown(socket):
    """What comes over a socket of who asks, as a page does, for all that its own kernel shows."""
    for kind, own in (("comm_open", {"target_name": "jupyter.widget.control"}), ("comm_msg", {})):
        header = {"msg_type": kind, "msg_id": kind, "session": "a", "username": "", "version": "5.3"}
        content = {"comm_id": "states", "data": {"method": "request_states"} if kind == "comm_msg" else {}} | own
        told = {"header": header, "parent_header": {}, "metadata": {"version": "1.0.0"}, "content": content}
        socket.send(json.dumps({**told, "buffers": [], "channel": "shell"}))
    socket.settimeout(10)
    while "update_states" not in str(text := socket.recv()):
        pass
    return text


def fuzzed(server, victim, attacker, count, seed=2018):
    """Everything that the attacker got to see of `count` messages, while the victim's kernel stayed his and alive.

    The last of it is what his own kernel shows him.
    """
    chance, seen = random.Random(seed), []
    theirs, _, line = begun(server, victim)
    own, cookie, socket = begun(server, attacker)
    for turn in range(count):
        if chance.random() < 0.5:
            path = chance.choice(PLACES).replace("{}", "{0}").format(junk(chance, theirs, own, "index.html"))
            path = "".join(char if 33 <= ord(char) < 127 else "%C3%A9" for char in path)
            body = message(chance, theirs, own)
            token = {"Cookie": cookie, "X_XSRFToken": cookie.partition("=")[2]}
            status, _, text = asked(server, attacker, path, chance.choice(METHODS), body, **token)
            assert status < 600
            if path != "/":
                seen.append(text)
        else:
            with contextlib.suppress(websocket.WebSocketException, OSError):
                socket.send(made := message(chance, theirs, own), 2 if isinstance(made, bytes) else 1)
                socket.settimeout(0.02)
                while text := socket.recv():
                    seen.append(text.encode() if isinstance(text, str) else text)
            if not socket.connected:
                with contextlib.suppress(websocket.WebSocketException, OSError):
                    socket = opened(server, attacker, own)
        if turn % 20 == 19 and json.loads(asked(server, attacker, f"/werkbank/state/{own}")[2])["state"] == "gone":
            own, cookie, socket = begun(server, attacker)
    state = json.loads(asked(server, victim, f"/werkbank/state/{theirs}")[2])["state"]
    assert state in ("idle", "busy"), state
    seen.append(shown(opened(server, attacker, own)).encode())
    line.close()
    socket.close()
    return b"".join(seen)


def memory(pid):
    """MiB of a process alone."""
    return psutil.Process(pid).memory_full_info().uss / 2**20


def coming_and_going(server, who, seconds, chance):
    """MiB that the server has more at the end than after a sixth of the time; visitors look, calculate, and leave."""
    began, first, open_sockets, visits = time.monotonic(), None, [], 0
    while (now := time.monotonic() - began) < seconds:
        visitor = chance.choice(who)
        assert asked(server, visitor, "/", Accept_Encoding="gzip")[0] == 200
        asked(server, visitor, "/werkbank/state/")
        visits += 1
        if visits % 10 == 0 and (started := begun(server, visitor)):
            open_sockets.append(started[2])
        elif open_sockets and chance.random() < 0.2:
            open_sockets.pop(chance.randrange(len(open_sockets))).close()
        if first is None and now > seconds / 6:
            first = memory(server.process.pid)
        time.sleep(chance.random() / 5)
    for socket in open_sockets:
        socket.close()
    time.sleep(10)
    left = [one for one in psutil.Process(server.process.pid).children(recursive=True) if one.status() != "zombie"]
    assert not left, "kernels of visitors who left"
    return memory(server.process.pid) - first, visits


def main(seconds=HOUR):
    of = {"een": "zeewolde", "twee": "urk"}
    with behind({who: bundle_of([wb.for_audience(wb.assess(slug))]) for who, slug in of.items()}) as server:
        seen = fuzzed(server, "een", "twee", FUZZED)
        assert (b"Zonnedauw" in seen, b"Duizendblad" in seen) == (False, True)
        print(f"{FUZZED} messages of who means no good: nothing of another, nobody's calculation ended", flush=True)
        more, visits = coming_and_going(server, [*of], seconds, random.Random(2018))
        print(f"{visits} visits in {seconds} s: {more:.1f} MiB more at the end than after a sixth of it", flush=True)
        assert more <= AT_MOST
