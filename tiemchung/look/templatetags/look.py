"""The components as template tags. docs/guide/look.md shows each with its arguments and an example."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tiemchung.look import fields, markup, tile_map, words
from tiemchung.look.charts import ladder_rungs
from tiemchung.look.qr import qr_svg
from tiemchung.look.tile_map import TileMap
from tiemchung.look.trend import Day, Trend

register = template.Library()

STYLES = ("ground", "frame", "parts", "forms", "documents", "floor", "doors", "start", "charts", "layout", "print")
THEMES = ("dark", "light")
HERE = mark_safe(' aria-current="page"')
NOTHING = mark_safe("")

for drawing in (markup.icon, markup.shape, markup.mark, markup.rings, markup.state, markup.dots, markup.clock):
    register.simple_tag(drawing)
for writing in (
    words.said,
    words.number,
    words.millions,
    words.percent,
    words.day,
    words.short_day,
    words.hour,
):
    register.filter(writing.__name__, writing)


# the page's head


def chosen_theme(context: template.Context, default: str = "") -> str:
    """Return "dark", "light", or "" when the device decides: the reader's cookie first, then the door's default."""
    request = context.get("request")
    cookie = request.COOKIES.get("theme", "") if request else ""
    return cookie if cookie in THEMES else default


@register.simple_tag(takes_context=True)
def theme_attribute(context: template.Context, default: str = "") -> SafeString:
    """Write data-bs-theme for <html> when a theme was chosen."""
    theme = chosen_theme(context, default)
    return format_html(' data-bs-theme="{}"', theme) if theme else NOTHING


@register.simple_tag(takes_context=True)
def stylesheets(context: template.Context, default: str = "") -> SafeString:
    """Link every stylesheet; the dark tokens for all, for devices that ask, or for nobody, as the theme says.

    Paper is never dark, so they are for screens alone.
    """
    theme = chosen_theme(context, default)
    media = {"dark": "screen", "light": "not all"}.get(theme, "screen and (prefers-color-scheme: dark)")
    sheets = [("vendor/bootstrap/bootstrap.min.css", "all"), ("css/tokens.css", "all"), ("css/dark.css", media)]
    sheets += [(f"css/{name}.css", "all") for name in STYLES]
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}" media="{}">', ((static(path), media) for path, media in sheets)
    )


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str, prefix: bool = False) -> SafeString:
    """Write aria-current when the page is at `url`, or below it with prefix=True."""
    request = context.get("request")
    path = request.path if request else ""
    here = path == url or (prefix and path.startswith(url))
    return HERE if here else NOTHING


@register.filter
def message_kind(message: Message) -> str:
    """Return the state that goes with a message of Django's messages: ok, caution, stop, else wait."""
    return {"success": "ok", "warning": "caution", "error": "stop"}.get(message.level_tag, "wait")


# states and boxes


@register.simple_tag
def chip(kind: str, word: str, small: bool = False) -> SafeString:
    """A state on its tinted ground."""
    return markup.state(kind, word, chip=True, small=small)


@register.simple_block_tag
def alert(content: str, kind: str, title: str, level: int = 2, id: str = "") -> str:
    """What happened (title), why and the cure (content)."""
    markup.checked_state(kind)
    return render_to_string(
        "look/parts/alert.html", {"kind": kind, "title": title, "level": level, "id": id, "content": content}
    )


@register.simple_block_tag
def slim_alert(content: str, kind: str) -> str:
    """One line that must not be missed."""
    return format_html(
        '<div class="tc-alert tc-alert-slim is-{}">{}<span>{}</span></div>', kind, markup.shape(kind), content
    )


@register.simple_block_tag
def card(content: str, color: str, name: str, note: str = "", given: int = 0, of: int = 2, boosters: int = 0) -> str:
    """The card of a course: yellow, green or blank; the content is its foot."""
    return render_to_string(
        "look/parts/card.html",
        {
            "color": color,
            "card_word": markup.card_word(color),
            "name": name,
            "note": note,
            "dots": markup.dots(given, of, boosters),
            "content": content,
        },
    )


@register.simple_block_tag
def empty(content: str, title: str, text: str, level: int = 2) -> str:
    """What will be here and when; the content is one act."""
    return render_to_string("look/parts/empty.html", {"title": title, "text": text, "level": level, "content": content})


@register.simple_block_tag
def verdict(content: str, kind: str, word: str, other: str = "", level: int = 1) -> str:
    """The verifier's answer, read from an arm's length; `other` is the word in the other language."""
    markup.checked_state(kind)
    context = {"kind": kind, "word": word, "other": other, "level": level, "content": content}
    return render_to_string("look/parts/verdict.html", context | {"other_language": words.other_language()})


@register.simple_block_tag
def scroll(content: str, label: str, panel: bool = True) -> str:
    """A box for a wide table: it scrolls sideways, can be focused and has a name."""
    css = "tc-scroll tc-panel tc-flush" if panel else "tc-scroll"
    return format_html('<div class="{}" tabindex="0" role="region" aria-label="{}">{}</div>', css, label, content)


@register.simple_block_tag
def row(content: str, title: str, url: str = "", icon: str = "", kind: str = "", word: str = "") -> str:
    """A row of a list; with a url the whole row is the link. The content is its second line."""
    return render_to_string(
        "look/parts/row.html",
        {"title": title, "url": url, "icon": icon, "kind": kind, "word": word, "content": content},
    )


@register.simple_block_tag
def net(content: str, kind: str, word: str) -> str:
    """The network strip: `kind` ok, wait (no network) or caution; the content says what is kept."""
    names = {"ok": "cloud-check", "wait": "cloud-off", "caution": "cloud-alert"}
    drawn = markup.icon(names[kind])
    return format_html('<p class="tc-net is-{}">{}{} <span>{}</span></p>', kind, drawn, word, content)


@register.simple_tag
def right(allowed: bool) -> SafeString:
    """A cell of the table of rights: tick or dot, both with hidden words."""
    return render_to_string("look/parts/right.html", {"allowed": allowed})


# figures


@register.simple_tag
def figure(name: str, value: str, unit: str = "", note: str = "") -> SafeString:
    """One number with its name; for use inside <dl class="tc-figs">."""
    context = {"name": name, "value": value, "unit": unit, "note": note}
    return render_to_string("look/parts/figure.html", context)


@register.simple_tag
def ladder(rungs: Sequence[dict[str, Any]]) -> SafeString:
    """The figures that never mix; see `tiemchung.look.charts.ladder_rungs` for what a rung holds."""
    return render_to_string("look/parts/ladder.html", {"rungs": ladder_rungs(rungs)})


@register.simple_tag
def trend(days: Sequence[Day]) -> SafeString:
    """Doses a day as bars and the mean of seven days as a line, for wide and for narrow screens."""
    return Trend(days).svg()


@register.simple_tag
def province_map(
    values: Mapping[str, float | None], label: str, incomplete: Collection[str] = (), ident: str = "map"
) -> SafeString:
    """The tile map with its key; `values` are shares between 0 and 1 by province code."""
    return TileMap(values, incomplete, ident=ident).svg(label) + tile_map.key(ident=ident)


@register.simple_tag
def dose_line() -> SafeString:
    """The way of a dose, for the start page."""
    return render_to_string("look/parts/way.html")


# the floor


@register.simple_tag
def steps(*names: str, now: int = 1, css: str = "tc-floor-steps") -> SafeString:
    """The step bar; steps before `now` (counted from 1) are done."""
    beads = [{"name": name, "at": at, "done": at < now, "now": at == now} for at, name in enumerate(names, start=1)]
    return render_to_string("look/parts/steps.html", {"beads": beads, "css": css})


@register.simple_block_tag
def observation(
    content: str,
    name: str,
    seat: str,
    left: int,
    total: int = 30,
    kind: str = "",
    flag: str = "",
    ends_at: str = "",
    now: str = "",
) -> str:
    """A person under observation; `kind` ok (time is up) or stop (reaction) tints the tile, caution flags alone."""
    loud = kind if kind in ("ok", "stop") else ("ok" if left <= 0 else "")
    clock = markup.clock(left, total, loud, ends_at, now)
    context = {"name": name, "seat": seat, "kind": kind, "flag": flag, "loud": loud, "content": content}
    return render_to_string("look/parts/observation.html", context | {"clock": clock})


@register.simple_tag
def scan_box(target: str, label: str, auto: bool = True) -> SafeString:
    """A camera that reads QR codes into the field with id `target` and sends its form; also reads a picture file.

    The page loads js/scan.js as a module. Without a camera the box says what to do instead.
    """
    return render_to_string("look/parts/scan.html", {"target": target, "label": label, "auto": auto})


# documents


@register.simple_tag
def qr(text: str, label: str, level: str = "M") -> SafeString:
    """A QR panel, black on white by night too."""
    return format_html('<div class="tc-qr">{}</div>', qr_svg(text, label, level))


@register.simple_tag
def validity(kind: str, word: str, until: str = "", css: str = "") -> SafeString:
    """The strip that says whether a passport holds, and until when."""
    return format_html(
        '<div class="tc-pass-valid is-{} {}">{}<p><b>{}</b> <span>{}</span></p></div>',
        kind,
        css,
        markup.shape(kind),
        word,
        until,
    )


@register.simple_block_tag
def passport(
    content: str, kind: str, word: str, until: str, code: str, name: str, latin: str, born: str, level: int = 1
) -> str:
    """The passport: validity, QR of `code`, name in Vietnamese and in the letters an officer reads, birth date."""
    context = {"kind": kind, "word": word, "until": until, "code": code, "name": name, "latin": latin, "born": born}
    return render_to_string("look/parts/passport.html", context | {"level": level, "content": content})


# what is filled in


@register.simple_tag
def field(bound: BoundField, css: str = "", hint: str = "") -> SafeString:
    """A field of a form: label, input, hint, and under it what is wrong and the cure."""
    return render_to_string("look/parts/field.html", fields.field_context(bound, css, hint))


@register.simple_tag
def cure(text: str, id: str = "") -> SafeString:
    """What is wrong with an input written by hand, and the cure after the first full stop."""
    return render_to_string("look/parts/cure.html", {"pairs": [words.wrong_and_cure(text)], "id": id})


@register.simple_tag
def form_problems(form: BaseForm) -> SafeString:
    """Above a form: what is wrong with it as a whole, and links to the fields that need a change."""
    return render_to_string("look/parts/form_problems.html", fields.problems_context(form))


@register.simple_tag
def choice(
    name: str, legend: str, options: Sequence[tuple[str, str]], value: str = "", required: bool = False
) -> SafeString:
    """Radios side by side; without a value none is chosen, as screening questions demand."""
    context = {"name": name, "legend": legend, "options": fields.options(options, value), "required": required}
    return render_to_string("look/parts/choice.html", context)


@register.simple_tag
def outcomes(name: str, legend: str, options: Sequence[tuple[str, str, str, str]], value: str = "") -> SafeString:
    """Radios with shape, word and consequence; an option is (value, state, word, what follows)."""
    context = {"name": name, "legend": legend, "options": fields.outcomes(options, value)}
    return render_to_string("look/parts/outcomes.html", context)
