"""Takes known secret values out of log records. Put on every log handler by `app` and `cli`."""

import logging

from assistant.domain.secret import Secret

MARK = "[secret]"
SHORTEST = 4
"""Characters below which a value is not looked for: it would tear holes into ordinary words."""


class Redactor(logging.Filter):
    """Knows secrets and replaces every form of them in messages and in errors; lets every record pass."""

    def __init__(self) -> None:
        super().__init__()
        self._forms: tuple[str, ...] = ()

    def know(self, secret: Secret) -> None:
        """Keep this value out of everything logged from now on."""
        forms = {*self._forms, *(form for form in secret.forms() if len(form) >= SHORTEST)}
        self._forms = tuple(sorted(forms, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return the text with every known value replaced."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, MARK)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean one record in place; always lets it pass."""
        if not self._forms:
            return True
        told = record.getMessage()
        if (cleaned := self.clean(told)) != told:
            record.msg, record.args = cleaned, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True
