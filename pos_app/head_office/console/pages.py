"""Pages from templates: everything that goes into one is escaped."""

from __future__ import annotations

from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pos_app.head_office.clock import Clock
from pos_app.head_office.console import figures
from pos_app.head_office.console.speaking import Speaking
from pos_app.resources import resource

PAGES: Final = ("head_office", "console", "pages")


class Pages:
    """Writes pages in one language."""

    def __init__(self, words: Speaking, clock: Clock, office: str) -> None:
        self.words = words
        self._clock = clock
        self._env = Environment(
            loader=FileSystemLoader(resource(*PAGES)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for name in (
            "money",
            "money_of",
            "units",
            "count",
            "when",
            "minute",
            "meter",
            "meter_key",
            "campaign",
        ):
            self._env.filters[name] = getattr(figures, name)
        self._env.filters["ago"] = self.ago
        self._env.globals |= {"t": words, "told": self.told, "office": office}

    def ago(self, ms: int) -> str:
        """Return how long ago an instant was, in words."""
        unit, number = figures.since(self._clock.now_ms(), ms)
        return self.words(f"console.ago.{unit}", n=number)

    def told(self, prefix: str, name: str, fallback: str = "") -> str:
        """Return the word for one of several names; a name without one stands for itself."""
        key = f"{prefix}.{name}"
        return self.words(key) if self.words.has(key) else fallback or name

    def show(self, page: str, status: int = 200, /, **facts: Any) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(self._env.get_template(f"{page}.html").render(facts), status)
