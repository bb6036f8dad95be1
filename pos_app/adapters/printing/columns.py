"""Text in columns: wrapping and pairing for the printer's own, evenly spaced font."""

from __future__ import annotations


def wrap(text: str, columns: int) -> list[str]:
    """Break `text` between words into lines of at most `columns`; only overlong words are cut."""
    words = text.split()
    line = " ".join(words)
    if len(line) <= columns:
        return [line]
    lines: list[str] = []
    line = ""
    for word in words:
        joined = f"{line} {word}" if line else word
        if len(joined) <= columns:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while len(line) > columns:
            lines.append(line[:columns])
            line = line[columns:]
    return [*lines, line]


def wrap_evenly(text: str, columns: int) -> list[str]:
    """Wrap into as few lines as `wrap`, about equally long, so that no last word stands alone."""
    lines = wrap(text, columns)
    if len(lines) == 1:
        return lines
    longest = max(map(len, text.split()))
    for narrower in range(max(longest, len(text) // len(lines)), columns):
        even = wrap(text, narrower)
        if len(even) == len(lines):
            return even
    return lines


def pair(label: str, value: str, columns: int, *, right_to_left: bool = False) -> list[str]:
    """Set `label` at the start and `value` at the end; full lines, blanks between them.

    A label that is too long wraps above; the value keeps the last line, alone if it must.
    """
    values = wrap(value, columns)
    beside = columns - len(values[0]) - 1
    longest = max(map(len, label.split()), default=0)
    labels = wrap_evenly(label, beside if longest <= beside else columns)
    if longest > beside:
        labels.append("")
    rows = [(start, "") for start in labels[:-1]]
    rows.append((labels[-1], values[0]))
    rows += [("", rest) for rest in values[1:]]
    return [_spread(start, end, columns, right_to_left) for start, end in rows]


def _spread(start: str, end: str, columns: int, right_to_left: bool) -> str:  # noqa: FBT001
    left, right = (end, start) if right_to_left else (start, end)
    return f"{left}{right.rjust(columns - len(left))}"
