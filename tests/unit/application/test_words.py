"""Words: whatever can happen has a sentence, in every language, with facts it really gets."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import pos_app
from pos_app.application.printing import PrintOutcome
from pos_app.application.words import load_words
from pos_app.domain.errors import PosError
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.exchange.chain import FaultKind
from pos_app.resources import resource

Sentence = str | dict[str, str]

LANGUAGES = {
    "ui": ("en", "ja"),
    "errors": ("en", "ja"),
    "slip": ("en", "ja", "ar", "hi"),
    "report": ("en", "ja", "ar"),
    "shift": ("en", "ja"),
    "zslip": ("en", "ja", "ar", "hi"),
    "redress": ("en", "ja", "ar", "hi"),
    "uiredress": ("en", "ja"),
    "shopcash": ("en", "ja"),
    "uishift": ("en", "ja"),
    "uireport": ("en", "ja"),
    "token": ("en", "ja"),
    "doctor": ("en", "ja"),
    "meterlife": ("en", "ja"),
    "meter": ("en", "ja"),
    "uimeter": ("en", "ja"),
    "pay": ("en", "ja"),
    "tariff": ("en", "ja"),
    "account": ("en", "ja"),
    "uioffice": ("en", "ja"),
    "keychange": ("en", "ja"),
    "keyslip": ("en", "ja", "ar", "hi"),
    "faultslip": ("en", "ja", "ar", "hi"),
    "deskslip": ("en", "ja", "ar", "hi"),
    "keypaper": ("en", "ja", "ar", "hi"),
    "eng": ("en", "ja"),
    "bulk": ("en", "ja"),
    "uikeys": ("en", "ja"),
}
PLURALS = {
    "en": {"one", "other"},
    "ja": {"other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "hi": {"one", "other"},
}
ENGLISH_ONLY = {"authority", "cli", "keys", "office"}
ENGLISH_ONLY = {"account", "authority", "cli", "headoffice", "keys", "office", "tariff"}
ENGLISH_ONLY = {"account", "authority", "cli", "console", "headoffice", "keys", "office", "tariff"}
IN_COLUMNS = {"token.field", "tariff.hours", "meterlife.act"}
WORN = re.compile(r"!|\uff01|\bOK\b|\bError\b|\bsuccessful|\binvalid\b", re.IGNORECASE)
PROGRAM = Path(pos_app.__file__).parent


def catalogue(language: str, area: str) -> dict[str, Sentence]:
    path = resource("words", language, f"{area}.json")
    found: dict[str, Sentence] = json.loads(path.read_text(encoding="utf-8"))
    return found


def forms(sentence: Sentence) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def every_error() -> dict[str, type[PosError]]:
    """Return all problems by module and name, whatever module they stand in."""
    for module in pkgutil.walk_packages(pos_app.__path__, "pos_app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting, found = [PosError], {}
    while waiting:
        known = waiting.pop()
        waiting += known.__subclasses__()
        if known.__module__.startswith("pos_app."):
            found[f"{known.__module__}.{known.__name__}"] = known
    return found


ERRORS = every_error()


def test_a_code_stands_for_one_problem() -> None:
    meanings = {(error.code, error.__name__) for error in ERRORS.values()}
    assert len(meanings) > 60
    assert len({code for code, _ in meanings}) == len(meanings)


@pytest.mark.parametrize("language", LANGUAGES["errors"])
def test_every_problem_has_a_sentence_and_no_sentence_is_without_a_problem(language: str) -> None:
    said = {key for key in catalogue(language, "errors") if key.startswith("error.")}
    assert said == {f"error.{error.code}" for error in ERRORS.values()}


def names_in(tree: ast.Module, module: str) -> dict[str, type[PosError]]:
    """Return the problems a source file knows, by the name it calls them."""
    known = {
        error.__name__: error
        for key, error in ERRORS.items()
        if key == f"{module}.{error.__name__}"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                error = ERRORS.get(f"{node.module}.{alias.name}")
                if error is not None:
                    known[alias.asname or alias.name] = error
    return known


def raised() -> Iterator[tuple[str, type[PosError], set[str]]]:
    """Yield (place, problem, names of its facts) for every problem made in the program."""
    for path in sorted(PROGRAM.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parts = path.relative_to(PROGRAM.parent).with_suffix("").parts
        known = names_in(tree, ".".join(part for part in parts if part != "__init__"))
        for node in ast.walk(tree):
            bare = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name)
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if bare:
                name, facts = node.exc.id, set()  # type: ignore[attr-defined]
            elif called:
                name, facts = node.func.id, {word.arg for word in node.keywords}  # type: ignore[attr-defined]
            else:
                continue
            if name in known:
                yield f"{path.name}:{node.lineno}", known[name], facts  # type: ignore[attr-defined]


def facts_of(error: type[PosError], given: set[str]) -> set[str]:
    """Return the facts of a problem; one with an `__init__` of its own fills in the rest."""
    if error is not TariffInvalid:
        return given
    own = inspect.signature(error.__init__).parameters
    return given | {name for name, each in own.items() if each.default is not each.empty}


RAISED = [(where, error, facts) for where, error, facts in raised() if None not in facts]


@pytest.mark.parametrize("language", LANGUAGES["errors"])
def test_a_sentence_asks_only_for_facts_that_every_place_gives(language: str) -> None:
    words = catalogue(language, "errors")
    assert len(RAISED) > 80
    lacking = [
        f"{where} {error.code}: {sorted(asked - facts_of(error, given))}"
        for where, error, given in RAISED
        for sentence in forms(words[f"error.{error.code}"])
        if (asked := places(sentence)) - facts_of(error, given)
    ]
    assert not lacking


def test_a_problem_of_every_kind_can_be_told_in_every_language() -> None:
    for language in LANGUAGES["errors"]:
        words = load_words(language)
        for _, error, given in RAISED:
            told = PosError.__new__(error)
            told.facts = dict.fromkeys(facts_of(error, given), "7")
            assert len(words.of_error(told)) > 8
            assert "{" not in words.of_error(told)


@pytest.mark.parametrize("language", LANGUAGES["errors"])
def test_whatever_a_printer_does_has_a_sentence(language: str) -> None:
    listed = (PrintOutcome.__doc__ or "").split("Problem codes:")[1].split("Words for them")[0]
    codes = set(re.findall(r"``([a-z-]+)``", listed)) | troubles()
    said = {key.removeprefix("print.") for key in catalogue(language, "errors") if "print." in key}
    assert {"paper-out", "timeout", "lost"} <= codes
    assert codes - said == set()


def troubles() -> set[str]:
    """Return the codes that stand in calls of `Trouble`, `_failed` and the like."""
    found = set()
    for path in (PROGRAM / "adapters" / "printing").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if node.func.id in {"Trouble", "_failed"}:
                    found |= {text for text in texts if isinstance(text, str)}
    return found


def test_every_fault_of_a_journal_has_a_sentence() -> None:
    words = load_words("en", "cli")
    for kind in FaultKind:
        assert words(f"journal.{kind.value}", entry=7, detail="sale")


@pytest.mark.parametrize("area", LANGUAGES)
def test_every_language_has_every_key_with_the_same_places(area: str) -> None:
    source = catalogue("en", area)
    for language in LANGUAGES[area][1:]:
        other = catalogue(language, area)
        assert other.keys() == source.keys(), language
        for key, sentence in other.items():
            asked = set().union(*map(places, forms(source[key])))
            most = set().union(*map(places, forms(sentence)))
            assert most - {"n"} == asked - {"n"}, (language, key)


@pytest.mark.parametrize("area", LANGUAGES)
def test_every_language_has_the_plural_forms_of_its_grammar(area: str) -> None:
    for language in LANGUAGES[area]:
        for key, sentence in catalogue(language, area).items():
            if isinstance(sentence, dict):
                assert sentence.keys() == PLURALS[language], (language, key)


def test_no_catalogue_is_left_out_of_these_tests() -> None:
    found = {(path.parent.name, path.stem) for path in resource("words").glob("*/*.json")}
    known = {(language, area) for area, all_of in LANGUAGES.items() for language in all_of}
    assert found == known | {("en", area) for area in ENGLISH_ONLY}


@pytest.mark.parametrize(
    "path",
    sorted(resource("words").glob("*/*.json")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_no_sentence_shouts_or_hides_behind_worn_words(path: Path) -> None:
    for key, sentence in json.loads(path.read_text(encoding="utf-8")).items():
        for text in forms(sentence):
            assert not WORN.search(text), (key, text)
            if key not in IN_COLUMNS:
                assert text == text.strip(), key
                assert "  " not in text, key


def test_every_english_error_is_a_whole_sentence() -> None:
    for key, sentence in catalogue("en", "errors").items():
        for text in forms(sentence):
            assert text[0].isupper() or text[0] in "“{", key
            assert text.endswith((".", "tokentill demo", "tokentill sales")), key


@pytest.mark.parametrize("path", sorted(PROGRAM.rglob("*.py")), ids=lambda path: path.name)
def test_words_asked_for_by_name_exist(path: Path) -> None:
    """Every literal key given to `words(...)` is in the English catalogues."""
    words = load_words("en")
    areas = ("ui", "cli", "slip", "token", "error", "print", "journal", "shift", "zslip", "meter")
    areas = ("ui", "cli", "slip", "token", "error", "print", "journal", "shift", "zslip", "pay")
    starts = {key.split(".")[0] for key in words.sentences}
    assert set(areas) & starts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _calls_words(node.func) and node.args:
            key = node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                assert words.has(key.value), key.value


def _calls_words(function: ast.expr) -> bool:
    called = function.func if isinstance(function, ast.Call) else function
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"words", "_words"}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "must be above 0"), ("ja", "0より大きくなければなりません")]
)
def test_what_is_wrong_in_a_tariff_file_is_said_and_not_named_by_its_code(
    language: str, said: str
) -> None:
    problem = TariffInvalid(
        field="block[1].price", problem=TariffProblem.NOT_POSITIVE, detail="-1", line=7
    )
    sentence = load_words(language).of_error(problem)
    assert said in sentence
    assert "not-positive" not in sentence
