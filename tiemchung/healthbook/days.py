"""Days as the family says them: «Thứ Bảy 14/5». Django's own Vietnamese writes «Thứ 7»."""

from datetime import date

from tiemchung.healthbook.asking import in_english

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def short(day: date) -> str:
    """«Thứ Bảy 14/5», in English «Saturday 14 May»."""
    return f"{day:%A} {day.day} {day:%B}" if in_english() else f"{WEEKDAYS[day.weekday()]} {day.day}/{day.month}"


def inline(day: date) -> str:
    """The same inside a sentence: «thứ Bảy 14/5», in English «Saturday 14 May»."""
    said = short(day)
    return said if in_english() else said[0].lower() + said[1:]


def spoken(day: date) -> str:
    """«Thứ Năm, 12 tháng 5», in English «Thursday, 12 May»."""
    if in_english():
        return f"{day:%A}, {day.day} {day:%B}"
    return f"{WEEKDAYS[day.weekday()]}, {day.day} tháng {day.month}"
