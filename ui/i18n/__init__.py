"""The languages of the window: English in the source, other languages as catalogues in resources/i18n."""

from ui.i18n.catalogue import Catalogue, install, tr, tr_n
from ui.i18n.core_texts import told

__all__ = ["Catalogue", "install", "told", "tr", "tr_n"]
