"""SQL that gives names which are written in two ways one writing: the place of the tone, and y or i."""

from tiemchung.linkage.statements import statement

_TONE_PLACES = tuple(
    (first, second, toned_first, toned_second)
    for first, second, firsts, seconds in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for toned_first, toned_second in zip(firsts, seconds, strict=True)
)


def old_tones(column: str) -> str:
    """SQL that writes hoà as hòa, hoàn as hòan: one writing for both places of the tone, wherever it stands."""
    tones = column
    for first, second, toned_first, toned_second in _TONE_PLACES:
        tones = f"replace({tones}, '{first}{toned_second}', '{toned_first}{second}')"
    return statement("form_written", text=column, tones=tones)


def y_as_i(column: str) -> str:
    """SQL that writes Mỹ as Mĩ and Quỳnh as Quình: one writing for y and i where they sound alike."""
    ends = column
    for y, i in zip("yýỳỷỹỵ", "iíìỉĩị", strict=True):
        for before, after in (("[bcdđghklmnpqrstvx]|qu", ""), ("qu", "nh|ch|[ntp]")):
            ends = f"regexp_replace({ends}, '({before}){y}({after})( |$)', '\\1{i}\\2\\3', 'g')"
    return statement("form_matched", text=column, ends=ends)
