import shutil, pytest
from werkbank.batch.runner import run_batch
def test_it(demo_workspace, tmp_path, monkeypatch):
    shutil.copytree(demo_workspace, tmp_path/"w"); monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path/"w"))
    r = run_batch(tmp_path/"w", ["urk"])
    print(r.outcomes[0].reason, r.notes); assert not r.outcomes[0].failed
