"""Reading and checking one YAML file: every fault with its line, its words and its remedy."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator
from werkbank.files.models import FileModel, findings_of, validate

from werkbank.errors import CatalogueError, ParametersError
from werkbank.files.yaml import Document, read_tree, read_yaml

Write = Callable[[str], Path]


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
    def _no_silent_maximum(self) -> Settings:
        if self.quiet and self.mode == "maximum":
            raise ValueError("quiet gaat niet samen met maximum")
        return self


def lines(path: Path) -> list[tuple[str, int | None]]:
    """Rule and line of every finding."""
    return [(finding.rule, finding.line) for finding in findings_of(Settings, read_yaml(path))]


def test_a_valid_file_becomes_an_instance(write: Write) -> None:
    """Values, lists and groups come through as the model's types."""
    path = write("code: '0034'\nnames: [a, b]\nweights:\n  threat: 1\npowers: {threat: .inf}\n")
    settings = validate(Settings, read_yaml(path))
    assert settings.code == "0034"
    assert settings.names == ("a", "b")
    assert settings.weights == Weights(threat=1.0)
    assert settings.powers == {"threat": math.inf}


def test_an_empty_file_is_an_empty_group(write: Write) -> None:
    """A file with nothing but comments has every key left out."""
    assert validate(Settings, read_yaml(write("# niets\n"))) == Settings()


def test_a_document_knows_the_line_of_every_part(write: Write) -> None:
    """Keys, list elements and what lies within them; what is absent has the line of what is around it."""
    document = read_yaml(write("code: a\nparts:\n  - threat: 1\n    opportunity: 2\n  -\n    threat: 3\n"))
    assert document.line_of(("code",)) == 1
    assert document.line_of(("parts", 0)) == 3
    assert document.line_of(("parts", 0, "opportunity")) == 4
    assert document.line_of(("parts", 1, "threat")) == 6
    assert document.line_of(("parts", 0, "nergens")) == 3
    assert document.line_of(("nergens",)) == 1


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
def test_a_wrong_value_is_named_in_dutch(write: Write, text: str, found: str, allowed: str, remedy: str) -> None:
    """One wrong value is one finding that says what was found, what is allowed and what to do."""
    (finding,) = findings_of(Settings, read_yaml(write(f"# eerst een regel\n{text}\n")))
    assert finding.found == found
    assert finding.allowed == allowed
    assert remedy in finding.remedy
    assert (finding.file, finding.line, finding.severity) == ("drawn.yaml", 2, "error")


def test_a_validator_of_the_model_speaks_for_itself(write: Write) -> None:
    """A rule of our own brings its own Dutch, without pydantic's prefix."""
    (finding,) = findings_of(Settings, read_yaml(write("quiet: true\nmode: maximum\n")))
    assert finding.allowed == "quiet gaat niet samen met maximum"


def test_an_unknown_key_gets_the_nearest_valid_key(write: Write) -> None:
    """A slip of the pen in a key is asked back, with the keys of that very group."""
    (finding,) = findings_of(Settings, read_yaml(write("weights:\n  threat: 1\n  oportunity: 2\n")))
    assert finding.rule == "unknown-key"
    assert finding.line == 3
    assert finding.remedy == "bedoelt u “opportunity”?"
    assert finding.allowed == "threat, opportunity"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("weights: {threat: 0,5, opportunity: 1}\n", "schrijf 0.5 met een punt"),
        ("weights: {threat: -1,25}\n", "schrijf -1.25 met een punt"),
        ("weights: {threat: 12,}\n", None),
        ("weights: {threat: 1, opportunity: 2}\n", None),
    ],
)
def test_a_decimal_comma_is_called_that(write: Write, text: str, remedy: str | None) -> None:
    """Between braces a comma ends a value, and what follows it would be a key: the reader is told to write a point."""
    findings = findings_of(Settings, read_yaml(write(text)))
    assert [finding.remedy for finding in findings if finding.rule == "yaml-decimal-comma"] == [remedy] * bool(remedy)


def test_a_key_that_belongs_elsewhere_is_told_where(write: Write) -> None:
    """A model may say where a misplaced key belongs, also for one that is nearly that key."""

    class Placed(Settings):
        MISPLACED: ClassVar = {"reasons": "zet dit onder “weights”"}

    document = read_yaml(write("reasons: x\nreesons: y\nqqq: z\n"))
    remedies = [finding.remedy for finding in findings_of(Placed, document) if finding.rule == "unknown-key"]
    assert remedies == [
        "zet dit onder “weights”", "bedoelt u “reasons”? zet dit onder “weights”", "verwijder de sleutel",
    ]  # fmt: skip


def test_an_unknown_key_in_a_list_element_gets_the_keys_of_that_element(write: Write) -> None:
    """The way to the model's group leads through lists as well."""
    (finding,) = findings_of(Settings, read_yaml(write("parts:\n  - {threat: 1, xyz: 2}\n")))
    assert finding.allowed == "threat, opportunity"
    assert finding.remedy == "verwijder de sleutel"


def test_all_faults_are_named_in_the_order_of_their_lines(write: Write) -> None:
    """Four faults of four kinds are four findings."""
    path = write("draws: 0\ncod: x\nmode: mean\nmode: maximum\nparts:\n  - opportunity: 1\n")
    assert lines(path) == [("wrong-value", 1), ("unknown-key", 2), ("yaml-duplicate-key", 4), ("missing-key", 6)]


def test_a_duplicate_key_names_both_lines(write: Write) -> None:
    """The later line is the place, the earlier is in the words."""
    (finding,) = findings_of(Settings, read_yaml(write("draws: 1\ncode: x\ndraws: 2\n")))
    assert finding.line == 3
    assert finding.found == "de sleutel “draws” staat er twee keer (ook op regel 1)"


def test_every_duplicate_key_is_named(write: Write) -> None:
    """Three keys too many are three findings, in nested groups as well."""
    path = write("code: a\ncode: b\ncode: c\nweights:\n  threat: 1\n  threat: 2\n")
    assert lines(path) == [("yaml-duplicate-key", 2), ("yaml-duplicate-key", 3), ("yaml-duplicate-key", 6)]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("code: a\nnames: [a, b\nmode: mean\n", "yaml-syntax", 3),
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
def test_what_is_no_plain_yaml_is_a_finding_with_its_line(write: Write, text: str, rule: str, line: int) -> None:
    """Broken or clever YAML is refused in words, never with a traceback."""
    findings = findings_of(Settings, read_yaml(write(text)))
    assert (rule, line) in [(finding.rule, finding.line) for finding in findings]
    assert all(finding.remedy and finding.found and finding.allowed for finding in findings)


def test_the_parser_in_pure_python_finds_the_same_faults(monkeypatch, write: Write) -> None:
    """Without libyaml nothing is let through, a control character included."""
    texts = ("code: a\x07\n", "code: a\ncode: b\n", "code: &x a\n", "names: [a\n")
    fast = [[fault.rule for fault in read_tree(text).faults] for text in texts]
    monkeypatch.setattr("werkbank.files.yaml._Loader", yaml.SafeLoader)
    assert [[fault.rule for fault in read_tree(text).faults] for text in texts] == fast
    assert validate(Settings, read_yaml(write("draws: 3\n"))).draws == 3


def test_a_yaml_bomb_is_refused_without_expanding_it(write: Write) -> None:
    """Nine levels of nine aliases stay as small as they are written."""
    text = "a0: &a0 [lol]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
    document = read_yaml(write(text))
    assert {finding.rule for finding in document.findings} == {"yaml-anchor"}
    assert document.data["a9"] == [None] * 9


def test_very_deep_nesting_is_refused(write: Write) -> None:
    """A thousand brackets end the reading, not the program."""
    document = read_yaml(write("names: " + "[" * 1000))
    assert [finding.rule for finding in document.findings] == ["yaml-too-deep"]


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    """Without its path, which is nobody's business."""
    (finding,) = read_yaml(tmp_path / "weg.yaml").findings
    assert (finding.rule, finding.file) == ("file-missing", "weg.yaml")


def test_a_folder_in_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    """What can't be read is named, whatever the reason."""
    (finding,) = read_yaml(tmp_path).findings
    assert finding.rule == "file-unreadable"


def test_a_file_that_is_no_utf8_is_a_finding_with_its_line(tmp_path: Path) -> None:
    """Saved by an old editor: which line holds the first wrong character."""
    path = tmp_path / "oud.yaml"
    path.write_bytes("code: a\nnames: [één]\n".encode("cp1252"))
    (finding,) = findings_of(Settings, read_yaml(path))
    assert (finding.rule, finding.line) == ("file-encoding", 2)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Windows editors put one in front."""
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfcode: a\r\ndraws: 3\r\n")
    assert validate(Settings, read_yaml(path)).draws == 3


def test_an_unreadable_document_is_not_checked_further(write: Write) -> None:
    """A syntax error gives no string of missing keys on top."""
    document = read_yaml(write("threat: [\n"))
    assert not document.complete
    assert [finding.rule for finding in findings_of(Weights, document)] == ["yaml-syntax"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "los woord\n"])
def test_a_file_that_is_no_group_of_keys_is_a_finding(write: Write, text: str) -> None:
    """A list or a word at the top is named as such."""
    (finding,) = findings_of(Settings, read_yaml(write(text)))
    assert finding.allowed == "een groep sleutels"


def test_validate_raises_the_error_asked_for_with_all_findings(write: Write) -> None:
    """The caller chooses the error and its first sentence."""
    document = read_yaml(write("draws: 0\nshare: 2\n"))
    with pytest.raises(ParametersError, match="De parameters kloppen niet") as caught:
        validate(Settings, document, error=ParametersError, message="De parameters kloppen niet.")
    assert len(caught.value.findings) == 2


def test_validate_counts_the_faults_itself(write: Write) -> None:
    """Without a sentence of the caller's the file and the number of faults are named."""
    with pytest.raises(CatalogueError) as caught:
        validate(Settings, read_yaml(write("draws: 0\nshare: 2\n")))
    assert caught.value.message == "drawn.yaml: 2 fouten."


def test_a_duplicate_key_alone_makes_a_document_invalid(write: Write) -> None:
    """A model that is content does not hide a fault of the file."""
    with pytest.raises(CatalogueError):
        validate(Settings, read_yaml(write("code: a\ncode: b\n")))


def test_reading_can_raise_at_once(write: Write) -> None:
    """With `error` a fault of the YAML is raised by the reading itself."""
    path = write("code: a\ncode: b\n")
    with pytest.raises(ParametersError) as caught:
        read_yaml(path, error=ParametersError)
    assert [finding.rule for finding in caught.value.findings] == ["yaml-duplicate-key"]


def test_data_from_elsewhere_is_checked_without_lines() -> None:
    """Values given in code have a name and no line."""
    (finding,) = findings_of(Settings, Document(name="opgegeven", data={"draws": 0}))
    assert (finding.file, finding.line) == ("opgegeven", None)


def test_a_long_text_is_cut_short_in_a_finding(write: Write) -> None:
    """A finding shows enough to recognise a value and no more."""
    (finding,) = findings_of(Settings, read_yaml(write(f"draws: {'x' * 500}\n")))
    assert len(finding.found) < 80


def test_a_list_element_is_named_by_its_code(write: Write) -> None:
    """In a long list the code says which entry is meant."""

    class Entry(FileModel):
        id: str
        weight: int

    class Entries(FileModel):
        entries: tuple[Entry, ...]

    (finding,) = findings_of(Entries, read_yaml(write("entries:\n  - {id: V07, weight: zwaar}\n")))
    assert finding.found == "V07: “weight” is de tekst “zwaar”"


scalars = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(alphabet="ab:- {}[]'\"#&*!?|>\n\t,01", max_size=60))
def test_no_text_makes_reading_fail(text: str) -> None:
    """Whatever is typed, reading gives data or faults, never an exception; every fault has a line in the text."""
    tree = read_tree(text)
    assert tree.complete or tree.faults
    assert all(1 <= fault.line <= text.count("\n") + 2 for fault in tree.faults)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_whatever_is_dumped_is_read_back(data: dict[str, object]) -> None:
    """Plain data survives the way through YAML."""
    assert (read_tree(yaml.safe_dump(data)).data or {}) == data


@given(values)
def test_no_data_makes_checking_fail(data: object) -> None:
    """Whatever the data, checking gives findings in Dutch, never an exception."""
    for finding in findings_of(Settings, Document(name="x", data=data)):
        assert all((finding.found, finding.allowed, finding.remedy))
