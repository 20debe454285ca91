"""The menu bar."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenuBar

from ui.actions import Actions
from ui.i18n import tr


def fill(bar: QMenuBar, commands: Actions, panels: Sequence[QAction]) -> None:
    """Fill the menu bar: File, Actions, View with a switch per panel, Help."""
    file = bar.addMenu(tr("&File"))
    file.addActions([commands.new_conversation, commands.ask, commands.search])
    file.addSeparator()
    file.addActions([commands.add_files, commands.add_folder, commands.pause])
    file.addSeparator()
    file.addActions([commands.models, commands.settings, commands.quit])
    deeds = bar.addMenu(tr("&Actions"))
    deeds.addActions([commands.plan, commands.diff, commands.timeline])
    deeds.addSeparator()
    deeds.addActions([commands.undo, commands.redo])
    view = bar.addMenu(tr("&View"))
    view.addActions(list(panels))
    view.addSeparator()
    view.addAction(commands.reset_view)
    bar.addMenu(tr("&Help")).addAction(commands.shortcuts)
