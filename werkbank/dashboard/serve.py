"""`werkbank dashboard`: assess, take out what the audience may not see, serve what is left, and leave nothing behind.

Everything the server may know lies in one private temporary folder: the page, and for Wat als the recalculations, the
notebook and the bundle. What is not there cannot be shown, whatever a visitor or a fault does. Only the server of the
analyst's own dashboard is told where the register is: there differences are marked as discussed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import secrets
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.choosing import chosen_audience, chosen_municipalities, district_catalogue
from werkbank.assessment.decisions import chosen_parks
from werkbank.assessment.flow import assess
from werkbank.batch.manifest import source_of_werkbank, versions
from werkbank.batch.stamp import Stamps
from werkbank.dashboard.gathered import beside, kept_as_it_is, mark_of_workspace, of_nobody
from werkbank.dashboard.processes import (
    NOTEBOOK,
    PAGE,
    PORT_TAKEN,
    Order,
    Server,
    ends_by_itself,
    server_ahead,
    started,
    stoppable,
)
from werkbank.dashboard.views import TITLE, dashboard_html, frame_of, page_title, sees_one_park, views_of
from werkbank.dashboard.whatif import DRAWS, drawn_by, draws_of, nothing_to_weigh, page_style
from werkbank.errors import OutputError, ParametersError, WerkbankError
from werkbank.files.canonical import fingerprint_of
from werkbank.files.whole import sha256_of, whole_file
from werkbank.register.store import VARIABLE
from werkbank.report.terms import spec, words
from werkbank.settings.parameters import load_parameters
from werkbank.settings.workspace import ROUND, find_workspace, municipality_slugs
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import Beside, Bundle, bundle_of
from werkbank.sharing.what import of_one_park
from werkbank.wording import count, listing, safe_html

if TYPE_CHECKING:
    from werkbank.dashboard.proxy import Proxy

Bundles = Mapping[str, Bundle]
"""By their names behind a proxy; where there is one bundle it has none."""
KERNEL_BYTES = 160 * 2**20
"""What a kernel that shows the district takes at most."""
KERNELS_EACH = 3
"""How many kernels one visitor of a proxy may have at once, so that there is room for others."""


def run(  # noqa: PLR0913  each is an option
    audience: str,
    municipality: str | None = None,
    port: int = 0,
    open_browser: bool = True,
    visitors: int = 0,
    out: Path | None = None,
    park: str = "",
    ahead: Server | None = None,
) -> int:
    """Serve the dashboard of one audience until it is stopped, or with `out` write it as one file; its exit code.

    Without a municipality the page holds all of them; one that cannot be assessed is left out, said on the terminal,
    and makes the exit code 1. `park`: the one it is about, for who gets pages of parks. `ahead`: a server
    that loads already. Raises WerkbankError for wrong use, and when nothing can be shown.
    """
    audience = chosen_audience(audience)
    mark = mark_of_workspace() if out is None else ""
    bundle, whole = _bundled(audience, municipality, park)
    if out is None:
        # Read only for everybody who is not the owner of the register, and told nothing of it.
        told = mark if district_catalogue().audience(audience).owner else None
        code = serve({"": bundle}, port=port, open_browser=open_browser, visitors=visitors, mark=told, ahead=ahead)
    else:
        code = write_page(bundle, out)
    return code or (0 if whole else 1)


def run_behind(proxy: Proxy, secret: str, visitors: int = 0, ahead: Server | None = None) -> int:
    """Serve behind a proxy what each of its visitors may see, until stopped; the exit code as of `run`."""
    names = {shown: f"{at}" for at, shown in enumerate({one.shown: None for one in proxy.identities.values()}, 1)}
    made = {name: _bundled(chosen_audience(one), of, park) for (one, of, park), name in names.items()}
    behind = Behind(proxy, secret, {visitor: names[one.shown] for visitor, one in proxy.identities.items()})
    bundles = {name: bundle for name, (bundle, _) in made.items()}
    code = serve(bundles, port=proxy.port, visitors=visitors, behind=behind, ahead=ahead)
    return code or (0 if all(whole for _, whole in made.values()) else 1)


def _bundled(audience: str, municipality: str | None, park: str = "") -> tuple[Bundle, bool]:
    """The bundle, and whether it is of every municipality. One left out is said on the terminal."""
    today = dt.date.today()
    failures: dict[str, list[str]] = {}
    found = tuple(_assessed(chosen_for(audience, municipality, park), audience, failures, today, park))
    assessments = tuple(one for one, _ in found)
    if not assessments and len(failures) == 1:
        raise WerkbankError(next(iter(failures)))
    for reason, left_out in failures.items():
        sys.stderr.write(f"Niet in het dashboard: {listing(left_out)}.\n{reason}\n")
    if not assessments:
        raise WerkbankError("Van geen enkele gemeente is er een dashboard te maken.")
    # What an assessment keeps of its parameters names no place on this machine, nor where the register is.
    if district_catalogue().audience(audience).areas == "none":
        of, counts = of_nobody(assessments[0], today)
        return bundle_of([of], counts=counts), not failures
    chosen: dict[str, dict[str, str]] = {}
    for one in assessments:
        slug, there = one.parameters.municipality, set(one.parks["park_id"])
        told = chosen_parks(load_parameters(slug, audience=audience))
        chosen[slug] = {code: said for code, said in told.items() if code in there}
    own = {one.parameters.municipality: own for one, own in found}
    return bundle_of(assessments, chosen, own), not failures


def require_own(out: Path) -> None:
    """Raises OutputError for a file that is there and is no dashboard: somebody may have worked in it."""
    if out.exists() and f"<title>{TITLE}".encode() not in out.read_bytes()[:4096]:
        raise OutputError(f"{out.name} is er al, en is geen dashboard. Kies een andere naam.")


def write_page(bundle: Bundle, out: Path) -> int:
    """Write the page of a bundle to a file that opens without a server or a network; an earlier one is replaced."""
    require_own(out)
    whole_file(out, _page(bundle).encode())
    sys.stdout.write(f"Geschreven: {out}. Wie dit bestand heeft, ziet alles wat de doelgroep mag zien.\n")
    return 0


def chosen_for(audience: str, municipality: str | None, park: str = "") -> tuple[str, ...]:
    """The municipalities to show. Raises ParametersError with what is allowed, and for who gets no dashboard."""
    chosen = chosen_municipalities([] if municipality is None else [municipality])
    slugs, reader = municipality_slugs(find_workspace()), district_catalogue().audience(audience)
    if not views_of(reader):
        raise ParametersError(words("dashboard.nothing", reader=reader.name))
    if bool(park) is not sees_one_park(reader):
        wrong = "dashboard.no_park" if park else "dashboard.one_park"
        raise ParametersError(words(wrong, reader=reader.name, code=audience))
    if municipality is None and reader.areas == "own":
        raise ParametersError(
            "Een gemeente ziet alleen haar eigen terreinen. Noem de gemeente, bijvoorbeeld: "
            f"werkbank dashboard --audience {audience} --municipality {slugs[0]}"
        )
    return chosen or slugs


def _assessed(
    municipalities: tuple[str, ...], audience: str, failures: dict[str, list[str]], today: dt.date, park: str
) -> Iterator[tuple[Assessment, Beside]]:
    """Each municipality's assessment as the audience may see it, and what stands beside it, of one park or of all.

    What fails is left out, kept under its reason.
    """
    stamps = Stamps(find_workspace() / "notebooks" / "analyse.ipynb", today)
    for municipality in municipalities:
        try:
            own = load_parameters(municipality, audience=audience)
            made = for_audience(kept_as_it_is(own, stamps) or assess(own))
            made = of_one_park(made, park) if park else made
            yield made, beside(made, today, park)
        except WerkbankError as error:
            failures.setdefault(str(error), []).append(municipality)


@dataclass(frozen=True, slots=True)
class Behind:
    """A proxy, its secret, and for each of its visitors the name of the bundle that he sees."""

    proxy: Proxy
    secret: str
    shares: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: `place` is its address, `key` opens it, `link` is both."""

    process: subprocess.Popen[str]
    place: str
    key: str
    stage: Path

    @property
    def link(self) -> str:
        """The address that lets its reader in."""
        return f"{self.place}/?token={self.key}"


def serve(
    bundles: Bundles,
    *,
    port: int = 0,
    open_browser: bool = True,
    visitors: int = 0,
    behind: Behind | None = None,
    mark: str | None = None,
    ahead: Server | None = None,
) -> int:
    """Show the bundles until Ctrl-C or SIGTERM; 0 when stopped so, 1 when the server stopped of itself.

    Port 0 is any free port, `visitors` 0 as many at once as the memory takes; `behind` a proxy nothing is opened. With
    `mark`, that of the workspace when the bundle was made, it has an agenda, and tells when that has another. `ahead`:
    a server that loads already. Raises OutputError for a port that is taken, or a server that does not start.
    """
    made = running(bundles, port=port, visitors=visitors, behind=behind, agenda=mark is not None, ahead=ahead)

    def outdated() -> bool:
        return mark_of_workspace() not in ("", mark)

    with stoppable() as asked, made as server:
        if behind:
            sys.stdout.write(f"Het dashboard staat klaar voor de proxy, op {server.place}.\nStoppen: Ctrl-C.\n")
            sys.stdout.flush()
        else:
            _tell(server, open_browser=open_browser)
        if ends_by_itself(server.process, asked, outdated if mark else None):
            sys.stderr.write("Het dashboard is onverwacht gestopt. Start het opnieuw.\n")
            return 1
    sys.stdout.write("\nHet dashboard is gestopt.\n")
    return 0


@contextmanager
def running(
    bundles: Bundles,
    *,
    port: int = 0,
    visitors: int = 0,
    behind: Behind | None = None,
    agenda: bool = False,
    ahead: Server | None = None,
) -> Iterator[Running]:
    """A server for the bundles that runs inside the `with`, and of which nothing is left after it.

    At most `visitors` have a kernel at once. `Behind` a proxy each of its visitors sees his own bundle; with `agenda` a
    visitor marks differences as discussed, in the register of this workspace.
    """
    with nullcontext(ahead) if ahead else server_ahead() as (stage, process, tell):
        order = _order(stage, bundles, port, visitors or visitors_that_fit(), behind, agenda=agenda)
        place = tell(json.dumps(asdict(order)))().strip()
        if not place and process.wait() == PORT_TAKEN:
            raise OutputError("Deze poort is al in gebruik. Kies een andere, of laat de poort weg.")
        if not place:
            raise OutputError("Het dashboard kon niet starten.")
        with _drawing(order, bundles, process):
            yield Running(process, place, order.key, stage)


@contextmanager
def _drawing(order: Order, bundles: Bundles, process: subprocess.Popen[str]) -> Iterator[None]:
    """Inside, the recalculations are made one by one: a page does without until another method is tried."""

    def draw(file: Path, assessment: Assessment) -> None:
        try:
            whole_file(file, draws_of(assessment))
        except BaseException:
            process.terminate()  # what went wrong is told once that is seen
            raise

    pool = ThreadPoolExecutor(1)
    waiting = (each for share, bundle in bundles.items() for each in _draws(order, share, bundle))
    made = [pool.submit(draw, *each) for each in waiting]
    try:
        yield
    finally:
        pool.shutdown(cancel_futures=True)
    for each in made:
        if not each.cancelled():
            each.result()


def visitors_that_fit() -> int:
    """How many kernels fit in a third of the memory of this computer; 12 where it does not say how much that is."""
    if not hasattr(os, "sysconf"):
        return 12
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(2, min(40, memory // (3 * KERNEL_BYTES)))


def _order(
    stage: Path, bundles: Bundles, port: int, visitors: int, behind: Behind | None = None, *, agenda: bool = False
) -> Order:
    """Put everything in its place, and say what the server is to do with it."""
    first = next(iter(bundles.values()))
    proxy = behind.proxy.model_dump(include={"host", "identity_header", "secret_header"}) if behind else {}
    notebook = find_workspace() / "notebooks" / NOTEBOOK
    if not notebook.is_file():
        raise OutputError(f"Het notebook notebooks/{NOTEBOOK} ontbreekt in de map van de werkbank.")
    each = min(visitors, KERNELS_EACH) if behind else visitors
    at_once = {"visitors": count(visitors, "bezoeker", "bezoekers"), "each": each}
    order = Order(
        stage=str(stage),
        port=port,
        key=secrets.token_urlsafe(32),
        title=TITLE if behind else page_title(first),
        style=page_style(),
        visitors=visitors,
        each=each,
        words={name: text.format_map(at_once) for name, text in spec("dashboard.states").items()},
        proxy={**proxy, "secret": behind.secret} if behind else {},
        shares=dict(behind.shares) if behind else {},
        register=_register(first.round) if agenda else {},
    )
    for name in ("page", "sockets", "jupyter", "bundle"):
        order.folder(name).mkdir(mode=0o700, exist_ok=True)
    for share, bundle in bundles.items():
        _place(order, share, bundle, agenda=agenda)
    shutil.copyfile(notebook, order.folder("page") / NOTEBOOK)
    return order


def _place(order: Order, share: str, bundle: Bundle, *, agenda: bool) -> None:
    """The files of one bundle, the page that is made of it, what that loads (empty yet), and until when it is shown."""
    order.page(share).mkdir(mode=0o700, exist_ok=True)
    bundle.write(order.bundle(share))
    if lasts := [min(one.valid_until, one.retention_until) for each in bundle.assessments if (one := each.legal_basis)]:
        order.ends[share] = min(lasts).isoformat()
    if frame_of(bundle):
        order.frames.append(share)
    draws = {}
    for file, of in _draws(order, share, bundle):
        file.touch()  # empty until they are made
        draws[of.parameters.municipality] = f"/werkbank/{file.name}"
    page = _page(bundle, "frame", draws, agenda=agenda)
    (order.page(share) / PAGE).write_bytes(gzip.compress(page.encode(), 5, mtime=0))


def _page(bundle: Bundle, *told: Any, **more: Any) -> str:
    """As `dashboard_html`; a process beside this one makes the charts ready, whose engine would hold us up to start."""
    with started(["werkbank.report.figure"], os.environ) as (_, tell):

        def translate(charts: Sequence[Mapping[str, Any]]) -> Callable[[], list[str]]:
            answer = tell(json.dumps(charts))
            return lambda: json.loads(answer() or "[]")

        return dashboard_html(bundle, dt.date.today(), *told, **more, translate=translate)


def _draws(order: Order, share: str, bundle: Bundle) -> Iterator[tuple[Path, Assessment]]:
    """The file of the recalculations of each municipality, named by all they rest on; for who may vary the method."""
    for one in () if any(map(nothing_to_weigh, bundle.assessments)) else bundle.assessments:
        if drawn_by(one):
            kept = sha256_of(order.bundle(share) / f"{one.parameters.municipality}.json")
            rests_on = fingerprint_of([kept, DRAWS, source_of_werkbank(), versions()])
            yield order.page(share) / f"draws-{rests_on[:32]}.bin", one


def _register(round: str) -> dict[str, str]:
    """Where the register of this workspace is, and which round is meant."""
    database = {VARIABLE: os.environ[VARIABLE]} if VARIABLE in os.environ else {}
    return {"WERKBANK_WORKSPACE": str(find_workspace()), ROUND: round, **database}


def _tell(server: Running, *, open_browser: bool) -> None:
    """Open the page for the user; the link with its key goes to the terminal only when no browser opens."""
    if open_browser and webbrowser.open(_door(server).as_uri()):
        sys.stdout.write("Het dashboard opent in uw browser. Ziet u niets? Begin opnieuw met --no-browser.\n")
    else:
        sys.stdout.write(f"Open deze link; wie hem heeft, ziet het dashboard:\n{server.link}\n")
    sys.stdout.write("Stoppen: Ctrl-C.\n")
    sys.stdout.flush()


def _door(server: Running) -> Path:
    """A private file that leads to the page, so that the key is in no command line."""
    file = server.stage / "open.html"
    file.touch(mode=0o600)
    page = safe_html(
        '<!DOCTYPE html><html lang="nl"><meta charset="utf-8"><title>Dashboard</title>'
        '<meta http-equiv="refresh" content="0;url={0}"><p><a href="{0}">Naar het dashboard</a></p></html>',
        server.link,
    )
    file.write_text(page, encoding="utf-8")
    return file
