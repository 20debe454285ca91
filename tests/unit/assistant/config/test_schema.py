"""The settings cannot be changed behind anyone's back, and senseless ones are refused."""

import pytest
from pydantic import ValidationError

from assistant.config import Recall, Settings


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().recall.candidates = 3  # type: ignore[misc]


@pytest.mark.parametrize("change", [{"weight_dense": -1}, {"recency_days": 0}, {"duplicate_bits": 65}, {"candidates": 0}])
def test_senseless_weights_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Recall.model_validate(change)
