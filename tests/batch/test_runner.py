"""The batch with real kernels: one that fails never stops the others, and nothing half-finished looks finished."""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import nbformat
import pytest

import werkbank as wb
from werkbank.batch.execute import execute_notebook
from werkbank.batch.runner import run_batch
from werkbank.errors import OutputError

SLUGS = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
FILES = {
    "analyse.html",
    "analyse.ipynb",
    "scores.xlsx",
    "analyse.docx",
    "samenvatting.docx",
    "analyse.pdf",
    "tabellen",
    "assessment.json",
    "advice.json",
}
RECORDS = {"manifest.json", "district_context.json"}
