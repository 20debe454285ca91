"""The frozen pydantic base that every domain value derives from."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value: compared by content, rejects unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
