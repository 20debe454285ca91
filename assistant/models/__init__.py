"""The room of models: catalogue, consent, installing, removing. Joined to its adapters by `assistant.app`."""

from assistant.models.catalogue import read_catalogue
from assistant.models.manager import ModelManager

__all__ = ["ModelManager", "read_catalogue"]
