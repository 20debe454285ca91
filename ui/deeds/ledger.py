"""The deeds that the window knows, oldest first, and how they are found again. Kept by the desk."""

from ui.deeds.deed import Deed

MOST_DEEDS = 50
OVER = ("ended", "withdrawn", "failed")


class Ledger:
    """At most `MOST_DEEDS`, not counting those that are still on their way."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    def keep(self, deed: Deed) -> None:
        """Take a deed; the oldest that are over make room for it."""
        self.deeds.append(deed)
        spare = len(self.deeds) - MOST_DEEDS
        for old in [one for one in self.deeds[:-1] if one.phase in OVER][: max(0, spare)]:
            self.deeds.remove(old)

    def plan(self, plan_id: str) -> Deed | None:
        """Find a deed by the id of its plan."""
        return next((deed for deed in self.deeds if plan_id and deed.id == plan_id), None)

    def run(self, run_id: str) -> Deed | None:
        """Find a deed by the id of its run."""
        return next((deed for deed in self.deeds if deed.run is not None and deed.run.id == run_id), None)

    def planning(self, request: str = "") -> Deed | None:
        """Find the newest deed that is still being worked out, for this request or ("") for any."""
        fitting = (deed for deed in reversed(self.deeds) if deed.phase == "planning" and request in ("", deed.request))
        return next(fitting, None)
