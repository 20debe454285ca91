from collections.abc import Callable, Iterator, Sequence
from typing import Any

class ValidationError(Exception):
    message: str
    validator: str
    validator_value: Any
    instance: Any
    schema: dict[str, Any]
    absolute_path: Sequence[str | int]

class SchemaError(Exception):
    message: str

class FormatChecker:
    def __init__(self, formats: Sequence[str] | None = None) -> None: ...
    def checks(self, format: str) -> Callable[[Callable[[object], bool]], Callable[[object], bool]]: ...

class Draft202012Validator:
    def __init__(self, schema: dict[str, Any], *, format_checker: FormatChecker | None = None) -> None: ...
    @classmethod
    def check_schema(cls, schema: dict[str, Any]) -> None: ...
    def iter_errors(self, instance: object) -> Iterator[ValidationError]: ...
