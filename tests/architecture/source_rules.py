"""Rules about our own source that no linter says: each names the lines of a file that break it."""

import ast
import re
import sys
from collections.abc import Callable, Iterator

Rule = Callable[[ast.Module], Iterator[int]]

BLOCKING_DIALOGS = {
    "QColorDialog": {"getColor"},
    "QFileDialog": {"getExistingDirectory", "getOpenFileName", "getSaveFileName"},
    "QInputDialog": {"getInt", "getItem", "getText"},
    "QMessageBox": {"about", "critical", "information", "question", "warning"},
}
CLOCKS = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "localtime"),
    ("time", "time"),
    ("time", "time_ns"),
    ("QDate", "currentDate"),
    ("QDateTime", "currentDateTime"),
    ("QDateTime", "currentDateTimeUtc"),
    ("QDateTime", "currentMSecsSinceEpoch"),
    ("QTime", "currentTime"),
}
SQL_CALLS = {"execute", "executemany", "executescript", "query"}
OUTSIDE_WORLD = {
    "asyncio", "ctypes", "io", "locale", "logging", "multiprocessing", "os", "pathlib", "random",
    "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
FAILING_CALL = re.compile(
    r"(assert|check|expect|verify)\w*|fail|raises|warns|wait\w+|run_state_\w+"
)


def prints(tree: ast.Module) -> Iterator[int]:
    """Calls of the built-in ``print``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and last_word(node.func) == "print":
            yield node.lineno


def asserts(tree: ast.Module) -> Iterator[int]:
    """``assert`` statements, which ``python -O`` removes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.lineno


def clock_readings(tree: ast.Module) -> Iterator[int]:
    """Uses of a wall clock, called or handed on; a monotonic clock is not one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if (last_word(node.value), node.attr) in CLOCKS:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from (node.lineno for name in node.names if (node.module, name.name) in CLOCKS)


def binary_fractions(tree: ast.Module) -> Iterator[int]:
    """Literals of type float, and the name ``float`` as a function or a type."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float()) | ast.Name(id="float"):
                yield node.lineno


def nested_event_loops(tree: ast.Module) -> Iterator[int]:
    """Calls that stop the window until somebody answers, or that let events overtake us."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        modal = name in BLOCKING_DIALOGS.get(last_word(node.func.value), ())
        if modal or name in {"exec", "exec_", "processEvents"}:
            yield node.lineno


def assembled_sql(tree: ast.Module) -> Iterator[int]:
    """SQL put together from values instead of being fixed text with parameters.

    Fixed text may be joined from literals and constants. SQLite takes no parameter in ``PRAGMA
    key``, so that one statement may hold a value.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and last_word(node.func) in SQL_CALLS:
            statement = node.args[0]
            named = isinstance(statement, ast.Name | ast.Attribute | ast.Subscript)
            if not (named or is_fixed(statement) or sets_the_key(statement)):
                yield statement.lineno


def is_fixed(text: ast.expr) -> bool:
    """Say whether an expression is a literal, a constant's name, or a join of such."""
    match text:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_fixed(left) and is_fixed(right)
        case ast.JoinedStr(values=parts):
            return all(is_fixed(part) for part in parts)
        case ast.FormattedValue(value=value):
            return is_fixed(value)
        case ast.Name() | ast.Attribute():
            return last_word(text).isupper()
    return isinstance(text, ast.Constant)


def sets_the_key(statement: ast.expr) -> bool:
    match statement:
        case ast.BinOp(left=beginning) | ast.JoinedStr(values=[beginning, *_]):
            return sets_the_key(beginning)
        case ast.Constant(value=str(beginning)):
            return beginning.lower().startswith("pragma key ")
    return False


def qt_sql(tree: ast.Module) -> Iterator[int]:
    """Imports of QtSql: its own copy of SQLite must not meet ours on one file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [name.name for name in node.names] + [getattr(node, "module", None) or ""]
            if any(name.endswith("QtSql") for name in names):
                yield node.lineno


def imports_beyond_the_standard_library(tree: ast.Module) -> Iterator[int]:
    """Imports of anything that is neither Python's own nor ours."""
    for line, module in imported(tree):
        if module not in sys.stdlib_module_names and module != "pos_app":
            yield line


def imports_of_ours(tree: ast.Module) -> Iterator[int]:
    """Imports of any other module of the program."""
    for line, module in imported(tree):
        if module == "pos_app":
            yield line


def imports_of_the_outside_world(tree: ast.Module) -> Iterator[int]:
    """Imports of modules that read files, clocks, chance, the network or the system."""
    for line, module in imported(tree):
        if module in OUTSIDE_WORLD:
            yield line


def tests_that_cannot_fail(tree: ast.Module) -> Iterator[int]:
    """Test functions without an assertion, an expected error, or a call of something that has one.

    Such a thing is a function of the same file, or any other that is named for it.
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    failing = {f.name for f in functions if any(can_fail(node) for node in ast.walk(f))}
    for function in functions:
        if function.name.startswith("test_") and function.name not in failing:
            called = {last_word(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
            if not called & failing:
                yield function.lineno


def can_fail(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return FAILING_CALL.fullmatch(last_word(node.func)) is not None
    return isinstance(node, ast.Assert)


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the top-level module of each absolute import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.split(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module.split(".")[0]


def last_word(node: ast.expr) -> str:
    """Return the last name of ``a.b.c``, or of ``c``; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
