"""Joins the desk with conversation, panels, keys and banners: where plans show, and how a person hears that one waits."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from assistant.api.views import Reverted, Run
from ui.actions import Actions
from ui.bridge import Bridge
from ui.deeds import Deed, Desk
from ui.deeds.desk import DOOR
from ui.docks.chat import ChatPane
from ui.i18n import tr
from ui.i18n.visible import visible
from ui.item_models.deed_words import told_of
from ui.shell.arrangement import bring_forward
from ui.shell.banner import Banners
from ui.shell.panels import Panels, ShowsChanges, ShowsDeeds

TITLE_CHARS = 80
DIFF_HEIGHT = 0.46
PLAN_WIDTH = 0.34


class Deeds(QObject):
    """Needs panels with a desk."""

    def __init__(self, window: QMainWindow, panels: Panels, commands: Actions, chat: ChatPane, banners: Banners) -> None:
        super().__init__(window)
        assert panels.desk is not None
        self._window, self._panels, self._chat, self._banners = window, panels, chat, banners
        self.desk: Desk = panels.desk
        self._bridge: Bridge | None = None
        chat.requested.connect(self.desk.do)
        self.desk.begun.connect(lambda deed: chat.show_deed(deed, self.desk))
        self.desk.waiting.connect(self._waits)
        self.desk.interrupted.connect(self._interrupted)
        self.desk.suggested.connect(chat.suggest)
        self.desk.diffWanted.connect(self.show_diff)
        self.desk.planWanted.connect(self.show_plan)
        commands.plan.triggered.connect(self.show_waiting)
        commands.diff.triggered.connect(lambda: self.show_diff("", ""))
        commands.timeline.triggered.connect(self._show_timeline)
        commands.undo.triggered.connect(lambda: self._revert_last(redo=False))
        commands.redo.triggered.connect(lambda: self._revert_last(redo=True))

    def attach(self, bridge: Bridge) -> None:
        """Let the desk listen; called once, when the core is open."""
        self._bridge = bridge
        self.desk.attach(bridge)

    def stop(self) -> bool:
        """Stop what is being planned; False when nothing is."""
        return self.desk.stop_planning()

    # panels

    def show_plan(self, deed: Deed) -> None:
        """Show a plan in its panel and put the keyboard there."""
        panel = self._panels.plan
        if isinstance(panel, ShowsDeeds):
            bring_forward(self._window, panel, width=PLAN_WIDTH)
            panel.show_deed(deed)
            panel.answer()

    def show_waiting(self) -> None:
        """Show the plan that has waited longest, or the panel alone when none waits."""
        waiting = next((deed for deed in self.desk.ledger.deeds if deed.waits), None)
        if waiting is not None:
            self.show_plan(waiting)
        elif self._panels.plan:
            bring_forward(self._window, self._panels.plan, width=PLAN_WIDTH)
            self._panels.plan.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_diff(self, of: str, path: str) -> None:
        """Show what a plan or a run changes; "" is what the panel shows already, else the newest."""
        panel = self._panels.diff
        if isinstance(panel, ShowsChanges):
            bring_forward(self._window, panel, height=DIFF_HEIGHT)
            panel.show_changes(of, path)

    def _show_timeline(self) -> None:
        bring_forward(self._window, self._panels.timeline, height=0.25)
        self._panels.timeline.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    # what a person hears

    def _waits(self, deed: Deed) -> None:
        """Something waits for the person: say so where they are not looking."""
        request = _short(deed.request)
        if QApplication.activeWindow() is None or self._window.isMinimized():
            QApplication.alert(self._window)
            for tray in QApplication.instance().findChildren(QSystemTrayIcon):  # pyright: ignore[reportOptionalMemberAccess]
                tray.showMessage(tr("Mneme waits for your answer"), request)
        if not self._chat.shows(deed):
            head = tr("A plan waits for your answer: {request}").format(request=request)
            self._banners.offer("warning", head, "", [(tr("Look at it"), lambda: self.show_plan(deed))])

    def _interrupted(self, run: Run) -> None:
        """A run was cut off by the end of the process: it can be finished or taken back, or left for later."""
        head = tr("This was interrupted: {request}").format(request=_short(run.plan.request))
        more = tr("{standing} of {total} changes were made.").format(standing=run.standing, total=run.total)
        choices = [
            (tr("Finish it"), lambda: self._resume(run, finish=True)),
            (tr("Take it back"), lambda: self._resume(run, finish=False)),
        ]
        self._banners.offer("warning", head, more, choices)

    def _resume(self, run: Run, *, finish: bool) -> None:
        self.show_plan(self.desk.resume(run, finish=finish))

    # undo and redo by key

    def _revert_last(self, *, redo: bool) -> None:
        """Take back the newest run that can be, or do the newest that was taken back again; the core knows which."""
        if self._bridge is None:
            return
        history = self.desk.core.history
        work = history.redo("", DOOR) if redo else history.undo("", DOOR)
        self._bridge.run(work, lambda done: self._reverted(done, redo=redo))

    def _reverted(self, done: Reverted, *, redo: bool) -> None:
        deed = self.desk.of_run(done.run)
        self.desk.took(deed, done, redo=redo)
        if deed.clashes:
            self.show_plan(deed)
        else:
            text = tr("Done again: {request}") if redo else tr("Taken back: {request}")
            self._banners.say("info", text.format(request=_short(deed.request)), told_of(done, redo=redo))


def _short(request: str) -> str:
    words = visible(" ".join(request.split()))
    return words if len(words) <= TITLE_CHARS else words[: TITLE_CHARS - 1] + "…"
