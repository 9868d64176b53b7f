"""Makes one page of every kind, without kernels, from the fictional district of the workspace."""

import datetime as dt

import werkbank as wb
from tests.batch.test_index import index_page
from tests.plain_notebooks import analysis, filled
from tests.plan.test_plan import SELECTED
from tests.report.test_findings_page import finding
from tests.report.test_findings_page import page as findings
from tests.report.test_state_page import page as state
from werkbank.batch.follow_up import make_proposal
from werkbank.dashboard.views import dashboard_html
from werkbank.report.interventions import write_guideline
from werkbank.sharing.bundle import Bundle

NAMES = (
    "analyse_riec", "analyse_municipality", "district", "projectplan", "monitor", "index", "bevindingen",
    "stand_van_zaken", "leidraad", "voorstel", "dashboard",
)  # fmt: skip


def made():
    """Every page with its name; an analysis is saved in the workspace, for the page of the district."""
    urk = wb.assess("urk")
    own = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    plan = wb.report.plan_for(urk, urk.advice.park_ids[0], SELECTED)
    rounds = wb.follow_rounds(wb.load_parameters("urk"))
    yield "analyse_riec", analysis(urk)
    yield "analyse_municipality", analysis(own)
    urk.save(wb.load_parameters("urk").output_folder)
    district = wb.report.district_analysis(wb.load_parameters("urk"))
    yield "district", wb.report.render_district_html(filled("district", district=district), district)
    yield "projectplan", wb.report.render_plan_html(filled("projectplan", plan=plan), urk, plan)
    yield "monitor", wb.report.render_monitor_html(filled("monitor", rounds=rounds), rounds)
    yield "index", index_page()
    yield "bevindingen", findings(finding(), finding("A2", "hidden-row", "warning"))
    yield "stand_van_zaken", state()
    parameters = wb.load_parameters("urk")
    page, _ = write_guideline(wb.load_catalogue(), parameters.output, dt.date(2026, 3, 2))
    yield "leidraad", page.read_text(encoding="utf-8")
    _, files, _ = make_proposal(8)
    yield "voorstel", files[0].read_text(encoding="utf-8")
    label = wb.load_catalogue().audience("riec").label
    bundle = Bundle("riec", label, parameters.round, parameters.district, True, (), (urk,), {"urk": {"URK-04": "x"}})
    yield "dashboard", dashboard_html(bundle, dt.date(2026, 3, 2))
