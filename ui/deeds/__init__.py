"""Plans and runs as the window knows them, and the cards that show them wherever they are shown. Used by docks and shell."""

from ui.deeds.desk import Deed, Desk
from ui.deeds.plan_card import PlanCard

__all__ = ["Deed", "Desk", "PlanCard"]
