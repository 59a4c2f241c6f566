"""Small drawings as HTML, safe to print: icon, shape of a state, dose dots, observation clock.

They lie in two SVG sprites, `vendor/lucide/sprite.svg` (icons) and `img/shapes.svg` (ours), and are named there.
"""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

STATES = ("ok", "caution", "wait", "stop", "unknown")
NOTHING = mark_safe("")
HIDDEN = mark_safe(" hidden")
UNSEEN = mark_safe('aria-hidden="true"')


def checked_state(state: str) -> str:
    """Return the state, or raise ValueError naming the five that exist."""
    if state not in STATES:
        raise ValueError(f"state {state!r}: one of {', '.join(STATES)} is needed")
    return state


def _use(href: str, css: str, label: str) -> SafeString:
    """An <svg> that draws one symbol; with a label it is a picture, without one it is hidden from readers."""
    name = format_html('role="img" aria-label="{}"', label) if label else UNSEEN
    return format_html('<svg class="{}" {} focusable="false"><use href="{}"/></svg>', css, name, href)


def _class(base: str, size: str) -> str:
    return f"{base} {base}-{size}" if size else base


def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw the Lucide icon `name`, 24 px, or 20 px with size "s". Without a label, words must stand beside it."""
    return _use(f"{static('vendor/lucide/sprite.svg')}#i-{name}", _class("tc-i", size), label)


def shape(state: str, size: str = "", label: str = "") -> SafeString:
    """Draw the shape of a state: 24 px, or 18, 36, 88 px with size "s", "l", "xl"."""
    css = f"{_class('tc-s', size)} st-{checked_state(state)}"
    return _use(f"{static('img/shapes.svg')}#s-{state}", css, label)


def mark(css: str = "") -> SafeString:
    """Draw the platform's mark: a dose among nine."""
    return _use(f"{static('img/shapes.svg')}#mark", css, "")


def rings() -> SafeString:
    """Draw the dotted rings; only for cards, the passport, the valid verdict, the start page and empty places."""
    return _use(f"{static('img/shapes.svg')}#rings", "tc-rings", "")


def state(kind: str, word: str, chip: bool = False, small: bool = False) -> SafeString:
    """Write a state as shape and word; as a chip it has its tinted ground."""
    css = "tc-state" + (" tc-chip" if chip else "") + (" tc-chip-s" if chip and small else "")
    drawn = shape(kind, "s" if small else "")
    return format_html('<span class="{} is-{}">{}{}</span>', css, kind, drawn, word)


def dots(given: int, of: int, boosters: int = 0) -> SafeString:
    """Draw one dot for each dose: `given` filled out of `of`, and `boosters` given after a plus."""
    label = gettext("%(given)s trên %(of)s mũi cơ bản") % {"given": given, "of": of}
    if boosters:
        more = ngettext("%(count)s mũi nhắc lại", "%(count)s mũi nhắc lại", boosters) % {"count": boosters}
        label = f"{label}, {more}"
    kinds = ["on"] * min(given, of) + [""] * (of - given) + ["on plus"] * boosters
    drawn = format_html_join("", '<i class="{}"></i>', ((kind,) for kind in kinds))
    return format_html('<span class="tc-dots" role="img" aria-label="{}">{}</span>', label, drawn)


def card_word(color: str) -> str:
    """Return the words that stand on a card of this color: yellow, green or blank."""
    cards = {
        "yellow": gettext("Thẻ vàng, một mũi"),
        "green": gettext("Thẻ xanh, đủ liều"),
        "blank": gettext("Chưa có thẻ"),
    }
    return cards[color]


def minute_dots(gone: int, total: int) -> str:
    """Return the stroke-dasharray that draws `gone` dots on a circle whose pathLength is `total` minutes."""
    return " ".join(["0 1"] * (gone - 1) + [f"0 {total}"])


def clock(left: int, total: int = 30, kind: str = "", ends_at: str = "", now: str = "") -> SafeString:
    """Draw the observation clock: one dot for each minute gone, the minutes left in the middle.

    `left` and `total` are minutes; `ends_at` (ISO 8601) lets clock.js keep it going, and `now` (the server's, ISO 8601)
    corrects a device whose clock is wrong. At 0 minutes left it is done.
    """
    gone = max(0, min(total, total - left))
    done = left <= 0
    return format_html(
        '<div class="tc-obs-clock{}"{}><svg viewBox="0 0 100 100" aria-hidden="true">{}</svg>{}'
        "<b{}>{}</b><span data-word>{}</span></div>",
        f" is-{checked_state(kind or 'ok')}" if kind or done else "",
        _clock_data(total, ends_at, now) if ends_at else "",
        _clock_circles(gone, total),
        _clock_tick(done),
        HIDDEN if done else NOTHING,
        max(left, 0),
        gettext("đủ giờ") if done else gettext("phút"),
    )


def _clock_data(total: int, ends_at: str, now: str) -> SafeString:
    text = ' data-clock data-total="{}" data-ends-at="{}" data-now="{}" data-done="{}"'
    return format_html(text, total, ends_at, now, gettext("đủ giờ"))


def _clock_circles(gone: int, total: int) -> SafeString:
    circle = '<circle cx="50" cy="50" r="45" pathLength="{}" stroke-dasharray="{}"{}/>'
    hidden = NOTHING if gone else mark_safe(' visibility="hidden"')
    ground = format_html(circle, total, "0 1", "")
    return ground + format_html(circle, total, minute_dots(gone, total), hidden)


def _clock_tick(done: bool) -> SafeString:
    href = f"{static('vendor/lucide/sprite.svg')}#i-check"
    return format_html(
        '<svg class="tc-i" aria-hidden="true" focusable="false"{}><use href="{}"/></svg>',
        NOTHING if done else HIDDEN,
        href,
    )
