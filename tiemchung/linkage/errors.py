"""What this library says when it is given something that it cannot work with."""


class LinkageError(ValueError):
    """A configuration, file or reference table that cannot be used; names the field and the cure in two languages."""

    def __init__(self, code: str, field: str, vi: str, en: str) -> None:
        super().__init__(f"{field}: {en}")
        self.code = code
        self.field = field
        self.vi = vi
        self.en = en
