"""Behind a proxy: who may see what, whose a kernel is, and the recipe of docs/dashboard-achter-proxy.md with nginx."""

import base64
import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import nbformat
import pytest

from tests.soak.visitors import SECRET, fuzzed
from werkbank.dashboard.processes import AGENDA
from werkbank.dashboard.proxy import read_proxy
from werkbank.dashboard.serve import KERNELS_EACH, Behind, running
from werkbank.errors import ParametersError
from werkbank.register.store import recorded_events
from werkbank.sharing.bundle import bundle_of, read_bundle

RIEC, URK, OTHER = "analist", "gemeente-urk", "niet op de lijst"
ALONE, LAPSED = "analist van Urk alleen", "te laat"
SETTINGS = """host: localhost:{port}
port: 8866
identity_header: X-Remote-User
secret_file: proxy.secret
identities:
  analist: {{audience: riec, role: analist}}
  gemeente-urk: {{audience: municipality, municipality: urk, role: adviseur openbare orde}}
"""
RECIPE = Path(__file__).parents[2] / "docs" / "dashboard-achter-proxy.md"
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip

SHOWN = """import json, os, pathlib
import ipywidgets as w
kept = pathlib.Path(os.environ["WERKBANK_BUNDLE"]).glob("*.json")
w.HTML(str([json.loads(one.read_text()).get("parks") for one in kept]))
"""
"""The parks of the kernel's own bundle, without the time that it takes to compute anything of them."""


def settings(folder, at=443, **changed):
    """The file of settings, and the secret beside it."""
    text = SETTINGS.format(port=at)
    for key, value in changed.items():
        text = re.sub(rf"^{key}: .*", f"{key}: {value}", text, flags=re.MULTILINE)
    (folder / "proxy.yaml").write_text(text, encoding="utf-8")
    (folder / "proxy.secret").write_text(SECRET, encoding="utf-8")
    (folder / "proxy.secret").chmod(0o600)
    return folder / "proxy.yaml"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def with_notebook(workspace, folder, source):
    """The folder as a workspace, in which every kernel shows this."""
    shutil.copytree(workspace / "parameters", folder / "parameters")
    (folder / "notebooks").mkdir()
    python = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=python)
    nbformat.write(book, folder / "notebooks" / "dashboard.ipynb")
    return str(folder)


@pytest.fixture(scope="module")
def port():
    """Where the proxy is to be reached."""
    return free_port()


@pytest.fixture(scope="module")
def server(demo_workspace, assessed, riec_folder, own_folder, lapsed_folder, tmp_path_factory, port):
    folder = tmp_path_factory.mktemp("proxy")
    proxy, secret = read_proxy(settings(folder, port))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("WERKBANK_WORKSPACE", with_notebook(demo_workspace, folder, SHOWN))
        made = {RIEC: read_bundle(riec_folder), URK: read_bundle(own_folder), LAPSED: read_bundle(lapsed_folder)}
        shares = {who: f"{at}" for at, who in enumerate((*made, ALONE))}
        bundles = {shares[who]: one for who, one in (*made.items(), (ALONE, bundle_of([assessed("urk")])))}
        with running(bundles, behind=Behind(proxy, secret, shares)) as server:
            yield server


def asked(server, path, who=None, method="GET", secret=SECRET, **more):
    """What the server itself answers, as a proxy or who passes for one would ask it."""
    connection = http.client.HTTPConnection(server.place.removeprefix("http://"), timeout=60)
    head = {"X-Werkbank-Secret": secret} if secret else {}
    head |= {} if who is None else {"X-Remote-User": who}
    with contextlib.closing(connection):
        connection.request(method, path, headers=head | {name.replace("_", "-"): value for name, value in more.items()})
        answer = connection.getresponse()
        return answer, b"" if answer.status == 101 else answer.read()


@pytest.mark.parametrize(
    ("who", "secret", "more"),
    [
        (OTHER, SECRET, {}), (None, SECRET, {}), ("", SECRET, {}), (f"{RIEC},{URK}", SECRET, {}), (RIEC.upper(), SECRET, {}),
        (RIEC, "", {}), (RIEC, "verkeerd", {}), (RIEC, f"{SECRET}x", {}), (RIEC, SECRET, {"Host": "elders.example"}),
        (None, "", {"X_Forwarded_User": RIEC, "X_Forwarded_Host": "localhost"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["/", "/wat-als", "/werkbank/state/", "/api/kernels/00000000-0000-0000-0000-000000000000"]
)
def test_who_is_not_on_the_list_or_does_not_come_through_the_proxy_is_refused(server, who, secret, more, path):
    answer, body = asked(server, path, who, secret=secret, **more)
    assert answer.status == 403
    assert b"Duizendblad" not in body


def test_the_refusal_is_one_dutch_sentence_and_the_key_of_the_server_opens_nothing(server):
    _, body = asked(server, "/", OTHER)
    assert "U hebt geen toegang tot dit dashboard; vraag die aan wie u de link gaf." in body.decode()
    assert asked(server, f"/?token={server.key}")[0].status == 403
    assert asked(server, "/", Authorization=f"token {server.key}")[0].status == 403


def test_everyone_gets_the_page_of_his_own_share_compressed_and_kept_by_nobody(server):
    import gzip

    pages = {}
    for who in (RIEC, URK):
        answer, body = asked(server, "/", who, Accept_Encoding="gzip")
        assert (answer.status, answer.getheader("Cache-Control")) == (200, "no-store")
        assert "wss://localhost" in answer.getheader("Content-Security-Policy")
        pages[who] = gzip.decompress(body)
        assert len(body) < len(pages[who]) / 3
        assert asked(server, "/", who)[1] == pages[who], "unpacked for who asks so"
    assert [b"Zonnedauw" in pages[who] for who in (RIEC, URK)] == [True, False]
    assert AGENDA.encode() not in pages[RIEC], "read only, also for the RIEC"
    assert asked(server, AGENDA, RIEC, "POST")[0].status in (403, 404)


def test_what_has_the_mark_of_its_content_in_its_address_is_asked_for_once(server):
    """The parts of Voilà; and the recalculations are for who sees them."""
    for path, kept in {"/voila/static/voila.js?v=4b1d": True, "/voila/static/voila.js": False}.items():
        answer, _ = asked(server, path, RIEC)
        assert answer.status == 200
        assert bool(re.search(r"max-age=\d{8}", answer.getheader("Cache-Control") or "")) is kept, path
    draws = re.search(r"/werkbank/draws-[0-9a-f]{32}\.bin", asked(server, "/", RIEC)[1].decode())[0]
    assert [asked(server, draws, who)[0].status for who in (RIEC, URK, OTHER)] == [200, 404, 403]


def test_a_kernel_is_of_who_started_it_and_knows_his_bundle_only(server):
    answer, body = asked(server, "/wat-als", RIEC)
    kernel_id = re.search(r'"kernelId": "([0-9a-f-]+)"', body.decode())[1]
    xsrf = re.search(r"_xsrf=([^;]+)", answer.getheader("Set-Cookie"))[1]
    assert "Secure" in answer.getheader("Set-Cookie")
    token = {"Cookie": f"_xsrf={xsrf}", "X_XSRFToken": xsrf}
    doors = {
        ("GET", f"/api/kernels/{kernel_id}"): 200,
        ("GET", f"/werkbank/state/{kernel_id}"): 200,
        ("GET", f"/api/kernels/{kernel_id}/channels?session_id=a"): 101,
        ("DELETE", f"/api/kernels/{kernel_id}"): None,
        ("POST", f"/voila/api/shutdown/{kernel_id}"): 204,
    }
    for (method, path), status in doors.items():
        more = token | (UPGRADE if "channels" in path else {})
        assert asked(server, path, URK, method, **more)[0].status == 403, path
        if status:
            assert asked(server, path, RIEC, method, **more)[0].status == status, path


@pytest.mark.parametrize(
    ("changed", "mode", "message"),
    [
        ({"identity_header": "'X Remote'"}, 0o600, "identity_header"),
        ({"host": "https://dashboard.nl/"}, 0o600, "host"),
        ({"port": "0"}, 0o600, "port"),
        ({"secret_file": "weg.secret"}, 0o600, "weg.secret"),
        ({}, 0o640, "chmod 600"),
    ],
)
def test_settings_that_would_leave_a_door_open_are_refused(tmp_path, changed, mode, message):
    file = settings(tmp_path, **changed)
    (tmp_path / "proxy.secret").chmod(mode)
    with pytest.raises(ParametersError, match=message):
        read_proxy(file)
    (tmp_path / "proxy.secret").write_text("kort", encoding="utf-8")


def test_each_visitor_is_recorded_before_anything_is_shown(own_workspace, run, tmp_path, monkeypatch):
    from werkbank.dashboard import serve

    seen = {}

    def served(folder, **told):
        seen.update(told, recorded=recorded_events(own_workspace / "data"))
        return 0

    monkeypatch.setattr(serve, "serve", served)
    assert run("dashboard", "--behind-proxy", settings(tmp_path))[0] == 0
    told = [event.data["served"] for event in seen["recorded"]]
    recorded = [(one["audience"], one["role"], one["municipalities"]) for one in told]
    assert recorded == [("municipality", "adviseur openbare orde", ["urk"])]
    assert URK not in str([event.data for event in seen["recorded"]])
    assert (seen["port"], set(seen["behind"].shares)) == (8866, {RIEC, URK})


@pytest.mark.parametrize("role", ["p.pieters", "Jan de Vries", "piet@gemeente.nl", "rol " * 30])
def test_the_name_of_a_visitor_does_not_get_into_the_register(own_workspace, run, tmp_path, role):
    file = settings(tmp_path)
    file.write_text(file.read_text("utf-8").replace("adviseur openbare orde", role), "utf-8")
    code, _, said = run("dashboard", "--behind-proxy", file)
    assert (code, "bij de rol van een bezoeker staat" in said, role in said) == (2, True, False)
    assert recorded_events(own_workspace / "data") == ()


@pytest.fixture
def nginx(server, port, tmp_path):
    """The recipe as it stands in the manual, but for its places: nginx from Debian, without root."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        message = "nginx is not installed; the recipe for it was not tried"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    recipe = re.search(r"```nginx\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)[1]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "pem")]
    subprocess.run(command, check=True, capture_output=True)
    (tmp_path / "secret.conf").write_text(f'proxy_set_header X-Werkbank-Secret "{SECRET}";', encoding="utf-8")
    (tmp_path / "htpasswd").write_text("".join(f"{who}:{{PLAIN}}woord\n" for who in (RIEC, URK, "vreemd")), "utf-8")
    places = {
        "443 ssl": f"127.0.0.1:{port} ssl", "dashboard.voorbeeld.nl": "localhost",
        "/etc/ssl/certs/dashboard.pem": tmp_path / "pem", "/etc/ssl/private/dashboard.key": tmp_path / "key",
        "/etc/nginx/werkbank.htpasswd": tmp_path / "htpasswd", "/etc/nginx/werkbank.secret.conf": tmp_path / "secret.conf",
        "http://127.0.0.1:8866": server.place,
    }  # fmt: skip
    for old, new in places.items():
        assert old in recipe
        recipe = recipe.replace(old, str(new))
    bodies = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = "user root;\n" if os.geteuid() == 0 else ""
    head += f"pid {tmp_path}/pid;\ndaemon off;\nerror_log stderr;\nevents {{}}\n"
    (tmp_path / "nginx.conf").write_text(f"{head}http {{\naccess_log off;\n{bodies}{recipe}}}\n", encoding="utf-8")
    tmp_path.chmod(0o755)
    with subprocess.Popen([program, "-c", tmp_path / "nginx.conf", "-e", "stderr"], stderr=subprocess.PIPE) as process:
        try:
            end = time.monotonic() + 20
            while time.monotonic() < end and process.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield lambda *told, **more: through(port, *told, **more)
        finally:
            process.terminate()


def through(port, path, who, password="woord", **more):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
    login = base64.b64encode(f"{who}:{password}".encode()).decode()
    head = {"Authorization": f"Basic {login}"} | {name.replace("_", "-"): value for name, value in more.items()}
    with contextlib.closing(connection):
        connection.request("GET", path, headers=head)
        answer = connection.getresponse()
        return answer.status, b"" if answer.status == 101 else answer.read()


def test_the_recipe_for_nginx_lets_in_who_it_should_and_nobody_else(nginx):
    """Also the socket of a kernel; a header that a visitor sends himself is not what reaches us."""
    assert nginx("/", RIEC, password="fout")[0] == 401
    assert nginx("/", "vreemd")[0] == 403
    assert b"Zonnedauw" in nginx("/", RIEC)[1]
    status, page = nginx("/", URK, X_Remote_User=RIEC)
    assert (status, b"Duizendblad" in page, b"Zonnedauw" in page) == (200, True, False)
    _, body = nginx("/wat-als", RIEC)
    kernel_id = re.search(r'"kernelId": "([0-9a-f-]+)"', body.decode())[1]
    socket_of = f"/api/kernels/{kernel_id}/channels?session_id=a"
    assert nginx(socket_of, URK, **UPGRADE)[0] == 403
    assert nginx(socket_of, RIEC, **UPGRADE)[0] == 101


def test_a_hundred_fuzzed_messages_show_nothing_foreign_and_end_nobody_elses_calculation(server):
    """A thousand, and an hour of visitors, in `make soak`."""
    seen = fuzzed(server, RIEC, ALONE, 100)
    assert (b"Zonnedauw" in seen, b"Duizendblad" in seen) == (False, True), "his own is seen, were it shown"
    assert asked(server, "/", ALONE)[0].status == 200


def test_a_calculation_is_for_who_has_a_page_that_frames_it_and_a_few_for_each(server):
    assert asked(server, "/wat-als", URK)[0].status == 404
    answers = [asked(server, "/wat-als", ALONE) for _ in range(KERNELS_EACH + 1)]
    assert answers[-1][0].status == 503
    assert "en per bezoeker voor hooguit 3." in answers[-1][1].decode()
    assert json.loads(asked(server, "/werkbank/state/", ALONE)[1])["state"] == "full"
    assert json.loads(asked(server, "/werkbank/state/", RIEC)[1])["state"] == "room"


def test_whose_basis_has_ended_while_the_server_ran_gets_nothing_and_his_page_hears_it(server):
    for path in ("/", "/wat-als", "/werkbank/draws-00.bin"):
        answer, body = asked(server, path, LAPSED)
        assert (answer.status, "grondslag waarop het berustte, geldt niet meer" in body.decode()) == (403, True)
    assert json.loads(asked(server, "/werkbank/state/", LAPSED)[1])["state"] == "closed"
