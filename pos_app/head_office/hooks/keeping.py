"""Hooks as people keep them: made with a secret that is told once, looked at, sent again, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pos_app.head_office.errors import HookTaken, HookUnfit, HookUnknown
from pos_app.head_office.hooks.address import target_of
from pos_app.head_office.hooks.signing import new_secret
from pos_app.head_office.office import Office
from pos_app.head_office.store import hooks

PURPOSE: Final = "hooks"
_LONGEST_NAME: Final = 60
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks of an office."""

    office: Office

    def add(self, name: str, url: str, events: Iterable[str], by: str) -> str:
        """Keep a hook and return its secret, told once; raises `HookUnfit` or `HookTaken`."""
        wanted = [each for each in hooks.EVENTS if each in set(events)]
        target_of(url)
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise HookUnfit(problem="name")
        if not wanted or set(events) - set(hooks.EVENTS):
            raise HookUnfit(problem="events")
        secret, now_ms = new_secret(), self.office.clock.now_ms()
        values: dict[str, Any] = {
            "name": name,
            "url": url,
            "box": self.office.sealer.seal(PURPOSE, secret.encode(), name.encode()),
            "events": " ".join(wanted),
            "made_ms": now_ms,
            "made_by": by,
            "retired_ms": None,
            "failures": 0,
            "rest_until_ms": 0,
        }
        with self.office.store.writing() as act:
            if hooks.hook_named(act, name) is not None:
                raise HookTaken(name=name)
            hooks.add_hook(act, values)
            self.office.log(act, by, "hook-made", name, url=url, events=" ".join(wanted))
        return secret

    def all(self) -> list[dict[str, Any]]:
        """Return the hooks with their counts and the last messages that are dead."""
        with self.office.store.reading() as act:
            rows = hooks.hooks_with_counts(act)
            for row in rows:
                del row["box"]
                row["lost"] = hooks.messages_of(act, row["id"], hooks.DEAD, _SHOWN)
                row["late"] = hooks.messages_of(act, row["id"], hooks.WAITING, 1)
        return rows

    def retire(self, name: str, by: str) -> None:
        """Tell a hook nothing more; raises `HookUnknown`."""
        with self.office.store.writing() as act:
            hooks.retire(act, self._number(act, name), self.office.clock.now_ms())
            self.office.log(act, by, "hook-retired", name)

    def send_again(self, name: str, by: str) -> int:
        """Let dead messages wait again and return how many; raises `HookUnknown`."""
        with self.office.store.writing() as act:
            count = hooks.send_again(act, self._number(act, name), self.office.clock.now_ms())
            self.office.log(act, by, "hook-sent-again", name, number=count)
        return count

    def _number(self, act: Any, name: str) -> int:
        row = hooks.hook_named(act, name)
        if row is None:
            raise HookUnknown(name=name[:40])
        return int(row.id)
