"""Reading and checking one YAML file: every fault with its line, its words and its remedy."""

import math
import re
import tempfile
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator

import werkbank
from werkbank.errors import CatalogueError, ParametersError
from werkbank.files.models import _WORDS, FileModel, findings_of, validate
from werkbank.files.yaml import Document, read_yaml


class Weights(FileModel):
    """A nested group."""

    threat: float
    opportunity: float = 0.5


class Settings(FileModel):
    """A model with one field of every kind."""

    code: str = "GM0034"
    draws: Annotated[int, Field(ge=1, le=100)] = 10
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    quiet: bool = False
    mode: Literal["mean", "maximum", "weighted"] = "mean"
    weights: Weights | None = None
    names: tuple[str, ...] = ()
    parts: tuple[Weights, ...] = ()
    powers: dict[str, float] = {}  # noqa: RUF012 - pydantic copies defaults
    value: int | Literal["unknown"] = 0

    @model_validator(mode="after")
    def _no_silent_maximum(self):
        if self.quiet and self.mode == "maximum":
            raise ValueError("quiet gaat niet samen met maximum")
        return self


@pytest.fixture
def write(tmp_path):
    """Writes one YAML file and gives its path."""

    def writer(text):
        path = tmp_path / "drawn.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writer


@pytest.fixture
def found(write):
    """The findings of a text as a file."""
    return lambda text, model=Settings: findings_of(model, read_yaml(write(text)))


def lines(findings):
    return [(finding.rule, finding.line) for finding in findings]


def test_a_valid_file_becomes_an_instance(write):
    """Values, lists and groups come through as the model's types; what is left out, as in a file of comments, is usual."""
    text = "code: '0034'\nnames: [a, b]\nweights:\n  threat: 1\npowers: {threat: .inf}\n"
    settings = validate(Settings, read_yaml(write(text)))
    assert (settings.code, settings.names, settings.weights) == ("0034", ("a", "b"), Weights(threat=1.0))
    assert settings.powers == {"threat": math.inf}
    assert validate(Settings, read_yaml(write("# niets\n"))) == Settings()
    assert validate(Settings, read_yaml(write(b"\xef\xbb\xbfcode: a\r\ndraws: 3\r\n"))).draws == 3


def test_a_document_knows_the_line_of_every_part(write):
    """Keys, list elements and what lies within them; what is absent has the line of what is around it."""
    document = read_yaml(write("code: a\nparts:\n  - threat: 1\n    opportunity: 2\n  -\n    threat: 3\n"))
    wanted = {
        ("code",): 1, ("parts", 0): 3, ("parts", 0, "opportunity"): 4, ("parts", 1, "threat"): 6,
        ("parts", 0, "nergens"): 3, ("nergens",): 1,
    }  # fmt: skip
    assert {path: document.line_of(path) for path in wanted} == wanted
    assert document.below("parts")[0][0, "opportunity"] == 4


@pytest.mark.parametrize(
    ("text", "found", "allowed", "remedy"),
    [
        ("code: 0034", "“code” is het getal 0034", "tekst", "aanhalingstekens"),
        ("code: no", "“code” is ja/nee (no)", "tekst", "aanhalingstekens"),
        ("code: 2026-03-01", "“code” is de datum 2026-03-01", "tekst", "aanhalingstekens"),
        ("code:", "“code” is leeg", "tekst", "maak er tekst van"),
        ("draws: '10'", "“draws” is de tekst “10”", "een geheel getal", "zonder aanhalingstekens"),
        ("draws: 1.5", "“draws” is het getal 1.5", "een geheel getal", "maak er een geheel getal van"),
        ("draws: true", "“draws” is ja/nee (true)", "een geheel getal", "maak er een geheel getal van"),
        ("draws: 0", "“draws” is het getal 0", "1 of hoger", "pas de waarde aan"),
        ("draws: 101", "“draws” is het getal 101", "100 of lager", "pas de waarde aan"),
        ("share: 0", "“share” is het getal 0", "hoger dan 0", "pas de waarde aan"),
        ("share: 1", "“share” is het getal 1", "lager dan 1", "pas de waarde aan"),
        ("share: 0,5", "“share” is de tekst “0,5”", "een getal", "gebruik een punt: 0.5"),
        ("draws: 1,5", "“draws” is de tekst “1,5”", "een geheel getal", "schrijf een geheel getal"),
        ("quiet: ja", "“quiet” is de tekst “ja”", "true of false", "schrijf true of false"),
        ("quiet: 1", "“quiet” is het getal 1", "true of false", "schrijf true of false"),
        ("mode: maximun", "“mode” is de tekst “maximun”", "mean, maximum of weighted", "bedoelt u “maximum”?"),
        ("mode: 3", "“mode” is het getal 3", "mean, maximum of weighted", "kies een van deze waarden"),
        ("names: a", "“names” is de tekst “a”", "een lijst", "[a, b]"),
        ("names: [a, 7]", "“names” is het getal 7", "tekst", "aanhalingstekens"),
        ("weights: [1]", "“weights” is een lijst", "een groep sleutels", "maak er een groep sleutels van"),
        ("weights: {}", "“threat” ontbreekt", "“threat” is verplicht", "voeg “threat” toe"),
        ("powers: {threat: hoog}", "“threat” is de tekst “hoog”", "een getal", "schrijf een getal"),
        ("value: veel", "“value” is de tekst “veel”", "een geheel getal of unknown", "pas de waarde aan"),
    ],
)
def test_a_wrong_value_is_named_in_dutch(write, text, found, allowed, remedy):
    """One wrong value is one finding that says what was found, what is allowed and what to do."""
    (finding,) = findings_of(Settings, read_yaml(write(f"# eerst een regel\n{text}\n")))
    assert (finding.found, finding.allowed) == (found, allowed)
    assert remedy in finding.remedy
    assert (finding.file, finding.line, finding.severity) == ("drawn.yaml", 2, "error")


class Placed(Settings):
    """A model that says where a misplaced key belongs."""

    MISPLACED: ClassVar = {"reasons": "zet dit onder “weights”"}


@pytest.mark.parametrize(
    ("text", "allowed", "remedy"),
    [
        ("weights:\n  threat: 1\n  oportunity: 2\n", "threat, opportunity", "bedoelt u “opportunity”?"),
        ("parts:\n  - {threat: 1, xyz: 2}\n", "threat, opportunity", "verwijder de sleutel"),
        ("reasons: x\n", None, "zet dit onder “weights”"),
        ("reesons: y\n", None, "bedoelt u “reasons”? zet dit onder “weights”"),
        ("qqq: z\n", None, "verwijder de sleutel"),
    ],
)
def test_an_unknown_key_is_told_the_nearest_or_where_it_belongs(found, text, allowed, remedy):
    """With the keys of that very group, also in an element of a list."""
    (finding,) = found(text, Placed)
    assert (finding.rule, finding.remedy) == ("unknown-key", remedy)
    assert allowed in {None, finding.allowed}


@pytest.mark.parametrize(("text", "number"), [("{threat: 0,5, opportunity: 1}", "0.5"), ("{threat: -1,25}", "-1.25")])
def test_a_decimal_comma_is_called_that(found, text, number):
    """Between braces a comma ends a value, and what follows it would be a key: the reader is told to write a point."""
    (finding,) = found(f"weights: {text}\n")
    assert (finding.rule, finding.remedy) == ("yaml-decimal-comma", f"schrijf {number} met een punt")
    for between in ("{threat: 12,}", "{threat: 1, opportunity: 2}"):
        assert found(f"weights: {between}\n") == ()


def test_all_faults_are_named_in_the_order_of_their_lines(found):
    """Of five kinds, and every key too many, with the line of the first; a rule of our own without pydantic's prefix."""
    (finding,) = found("quiet: true\nmode: maximum\n")
    assert finding.allowed == "quiet gaat niet samen met maximum"
    findings = found("draws: 0\ncod: x\nmode: mean\nmode: maximum\nparts:\n  - opportunity: 1\nmode: mean\n")
    twice = "yaml-duplicate-key"
    assert lines(findings) == [("wrong-value", 1), ("unknown-key", 2), (twice, 4), ("missing-key", 6), (twice, 7)]
    assert findings[2].found == "de sleutel “mode” staat er twee keer (ook op regel 3)"


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("code: a\nnames: [a, b\nmode: mean\n", "yaml-syntax", 3),
        ("names: " + "[" * 1000, "yaml-too-deep", 1),
        (b"code: a\nnames: [\xe9\xe9n]\n", "file-encoding", 2),
        ("- a\n- b\n", "wrong-type", 1),
        ("los woord\n", "wrong-type", 1),
        ("code: a\n\tmode: mean\n", "yaml-syntax", 2),
        ("code: a: b\n", "yaml-syntax", 1),
        ("code: 'a\n", "yaml-syntax", 2),
        ("code: a\x07\n", "yaml-syntax", 1),
        ("code: a\n---\ncode: b\n", "yaml-documents", 2),
        ("draws: 1\ncode: &x a\n", "yaml-anchor", 2),
        ("draws: 1\ncode: !!python/object/apply:os.getcwd []\n", "yaml-tag", 2),
        ("draws: 1\ncode: !!python/name:os.system x\n", "yaml-tag", 2),
        ("names: !!set {a, b}\n", "yaml-tag", 1),
        ("code: a\n12: b\n", "yaml-key", 2),
        ("draws: 1\n12: b\n", "yaml-key", 2),
        ("draws: 1\nweights: {threat: 0,5, opportunity: 1}\n", "yaml-decimal-comma", 2),
        ("code: a\nno: b\n", "yaml-key", 2),
        ("code: a\n? [a, b]\n: c\n", "yaml-key", 2),
        ("code: a\n<<: {mode: mean}\n", "yaml-tag", 2),
        ("code: 2026-02-31\n", "yaml-value", 1),
    ],
)
def test_what_is_no_plain_yaml_is_a_finding_with_its_line(found, text, rule, line):
    """Broken, clever or other than a group of keys: refused in words, never with a traceback."""
    findings = found(text)
    assert (rule, line) in lines(findings)
    assert all(finding.remedy and finding.found and finding.allowed for finding in findings)


def test_the_parser_in_pure_python_finds_the_same_faults(monkeypatch, write):
    """Without libyaml nothing is let through, a control character included."""
    texts = ("code: a\x07\n", "code: a\ncode: b\n", "code: &x a\n", "names: [a\n")
    fast = [read_yaml(write(text)).findings for text in texts]
    monkeypatch.setattr("werkbank.files.yaml._Loader", yaml.SafeLoader)
    assert [read_yaml(write(text)).findings for text in texts] == fast
    assert validate(Settings, read_yaml(write("draws: 3\n"))).draws == 3


def test_a_yaml_bomb_is_refused_without_expanding_it(write):
    """Nine levels of nine aliases stay as small as they are written."""
    text = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
    document = read_yaml(write(text))
    assert {finding.rule for finding in document.findings} == {"yaml-anchor"}
    assert document.data["a9"] == [None] * 9


def test_a_file_that_cannot_be_read_is_a_finding_without_its_path(tmp_path, write, found):
    """A syntax error gives no string of missing keys on top."""
    assert not read_yaml(write("threat: [\n")).complete
    assert [finding.rule for finding in found("threat: [\n", Weights)] == ["yaml-syntax"]
    (finding,) = read_yaml(tmp_path / "weg.yaml").findings
    assert (finding.rule, finding.file) == ("file-missing", "weg.yaml")
    assert [finding.rule for finding in read_yaml(tmp_path).findings] == ["file-unreadable"]


def test_the_error_that_is_asked_for_is_raised_with_all_findings(write):
    """The file and the number of faults are named; a model that is content does not hide a fault of the file."""
    with pytest.raises(ParametersError, match=r"drawn.yaml: 2 fouten\.") as caught:
        validate(Settings, read_yaml(write("draws: 0\nshare: 2\n")), error=ParametersError)
    assert len(caught.value.findings) == 2
    with pytest.raises(CatalogueError):
        validate(Settings, read_yaml(write("code: a\ncode: b\n")))


def test_data_from_elsewhere_is_checked_without_lines():
    """Values given in code have a name and no line; a long one is cut short."""
    first, second = findings_of(Settings, Document(name="opgegeven", data={"draws": 0, "mode": "x" * 500}))
    assert (first.file, first.line) == ("opgegeven", None)
    assert len(second.found) < 80


def test_a_list_element_is_named_by_its_code(found):

    class Entry(FileModel):
        id: str
        weight: int

    class Entries(FileModel):
        entries: tuple[Entry, ...]

    (finding,) = found("entries:\n  - {id: V07, weight: zwaar}\n", Entries)
    assert finding.found == "V07: “weight” is de tekst “zwaar”"


def test_every_pattern_of_a_model_is_told_in_words():
    """Whoever reads the refusal does not read regular expressions."""
    modules = Path(werkbank.__file__).parent.rglob("*.py")
    patterns = {found for path in modules for found in re.findall(r'pattern=r"([^"]+)"', path.read_text("utf-8"))}
    assert len(patterns) >= 4
    assert patterns - set(_WORDS["patterns"]) == set()
    assert not [words for words in _WORDS["patterns"].values() if re.search(r"[\\^$*+]", words)]


scalars = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def drawn(text):
    """A text as a file, read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.yaml"
        path.write_bytes(text.encode())
        return read_yaml(path)


@given(st.text(alphabet="ab:- {}[]'\"#&*!?|>\n\t,01", max_size=60))
def test_no_text_makes_reading_fail(text):
    """Whatever is typed, reading gives data or faults, never an exception; every fault has a line in the text."""
    document = drawn(text)
    assert document.complete or document.findings
    assert all(1 <= fault.line <= text.count("\n") + 2 for fault in document.findings)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_whatever_is_dumped_is_read_back(data):
    assert (drawn(yaml.safe_dump(data)).data or {}) == data


@given(values)
def test_no_data_makes_checking_fail(data):
    for finding in findings_of(Settings, Document(name="x", data=data)):
        assert all((finding.found, finding.allowed, finding.remedy))
