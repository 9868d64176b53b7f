"""Values made from scores and catalogue: scorecard, phenomena, reasons, advice, interventions and the project plan."""

from werkbank.advice.advice import Advice, advise
from werkbank.advice.agreement import Agreement
from werkbank.advice.differences import Difference
from werkbank.advice.flips import Change, Flip
from werkbank.advice.left_out import LeftOut
from werkbank.advice.park_reading import ParkReading, read_park
from werkbank.advice.phenomena import Indication, indications
from werkbank.advice.questions import Question
from werkbank.advice.reasons import Reason, reasons
from werkbank.advice.scorecard import Scorecard, score_matrix
from werkbank.advice.sureness import Sureness
from werkbank.plan.drafting import make_plan
from werkbank.plan.interventions import Proposal, propose
from werkbank.plan.plan_values import ProjectPlan, Selected

__all__ = [
    "Advice",
    "Agreement",
    "Change",
    "Difference",
    "Flip",
    "Indication",
    "LeftOut",
    "ParkReading",
    "ProjectPlan",
    "Proposal",
    "Question",
    "Reason",
    "Scorecard",
    "Selected",
    "Sureness",
    "advise",
    "indications",
    "make_plan",
    "propose",
    "read_park",
    "reasons",
    "score_matrix",
]
