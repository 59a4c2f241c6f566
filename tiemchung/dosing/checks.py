"""What a rule file must hold together: references, overlaps, gaps, dispatches superseded once."""

from collections.abc import Iterable
from itertools import combinations

from tiemchung.dosing.dates import Days, before, following, show
from tiemchung.dosing.errors import RuleFileError, RuleGap, RuleOverlap, SupersededTwice
from tiemchung.dosing.offers import overlap, same_step
from tiemchung.dosing.rows import NATION, Dispatch, Row
from tiemchung.dosing.ruleset import RuleSet
from tiemchung.dosing.text import Text

_WORDS = {"same", "approved"}


def check(rules: RuleSet, unfilled: list[tuple[str, str]]) -> None:
    """Raise the first RuleFileError found; `unfilled` names pairs of rows between which a gap is meant."""
    check_superseded(rules.dispatches.values())
    _check_references(rules)
    _check_order(rules.rows)
    check_overlaps(rules.rows)
    check_gaps(rules.rows, unfilled)
    _check_replaced(rules)


def check_superseded(dispatches: Iterable[Dispatch]) -> None:
    """Raise SupersededTwice where two dispatches replace the same one as a whole."""
    replaced: dict[str, str] = {}
    for dispatch in dispatches:
        for old in dispatch.replaces:
            if old in replaced:
                raise SupersededTwice(f"dispatches:{old}", _twice(old, replaced[old], dispatch.id))
            replaced[old] = dispatch.id


def check_overlaps(rows: tuple[Row, ...]) -> None:
    """Raise RuleOverlap where two rows of one step are in force in one area on one day."""
    for one, other in combinations(rows, 2):
        if one.area == other.area and same_step(one, other) and overlap(one.period, other.period):
            day = max(one.period.start, other.period.start)
            raise RuleOverlap(f"rows:{one.id},{other.id}", _both(one, other, show(day)))


def check_gaps(rows: tuple[Row, ...], unfilled: list[tuple[str, str]]) -> None:
    """Raise RuleGap where the rows of one step leave days between them, unless the pair is `unfilled`."""
    for row in rows:
        followers = [r for r in rows if r.area == row.area and r.period.start > row.period.end and same_step(row, r)]
        following_row = min(followers, key=lambda r: r.period.start, default=None)
        if following_row is None or (row.id, following_row.id) in unfilled:
            continue
        gap = Days(following(row.period.end), before(following_row.period.start))
        if gap.start <= gap.end:
            raise RuleGap(f"rows:{row.id},{following_row.id}", _between(row, following_row, gap))


def _check_order(rows: tuple[Row, ...]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise RuleFileError(f"rows:{row.id}", Text("Mã này dùng hai lần.", "This id is used twice."))
        seen.add(row.id)
        if row.period.end < row.period.start:
            raise RuleFileError(
                f"rows:{row.id}", Text("Ngày hết hiệu lực trước ngày bắt đầu.", "It ends before it begins.")
            )


def _check_references(rules: RuleSet) -> None:
    platforms = {product.platform for product in rules.products.values()}
    for row in rules.rows:
        named = {code for give in row.give for code in give.products} - _WORDS - platforms
        for code in sorted(named | set(row.after)):
            _must_exist(code, rules.products, f"rows:{row.id}")
        if row.area != NATION:
            _must_exist(row.area, rules.areas, f"rows:{row.id}")
    for place, ids in _cited(rules):
        for one in ids:
            _must_exist(one, rules.dispatches, place)
    for bar in rules.bars:
        _must_exist(bar.fact, {*rules.conditions, "infection"}, f"bars:{bar.id}")


def _cited(rules: RuleSet) -> list[tuple[str, tuple[str, ...]]]:
    cited = [(f"rows:{row.id}", row.dispatch) for row in rules.rows]
    cited += [(f"approvals:{row.id}", row.dispatch) for row in rules.approvals]
    cited += [(f"bars:{row.id}", row.dispatch) for row in rules.bars]
    return cited + [(f"dispatches:{d.id}", d.replaces + d.amends) for d in rules.dispatches.values()]


def _check_replaced(rules: RuleSet) -> None:
    replaced = {old: new for new in rules.dispatches.values() for old in new.replaces}
    for row in rules.rows:
        enders = [replaced.get(one) for one in row.dispatch]
        ended = max((new.in_force for new in enders if new), default=None) if all(enders) else None
        if ended and row.period.end >= ended:
            raise RuleFileError(f"rows:{row.id}", _outlives(row, show(ended)))


def _must_exist(code: str, known: Iterable[str], place: str) -> None:
    if code not in known:
        raise RuleFileError(
            place, Text(f"Nhắc tới “{code}” nhưng chưa có mục này.", f"“{code}” is named but is nowhere defined.")
        )


def _twice(old: str, one: str, other: str) -> Text:
    return Text(
        f"{old} bị cả {one} và {other} thay thế. Giữ một, ghi mục kia là sửa đổi (amends).",
        f"{old} is superseded twice, by {one} and by {other}. Keep one; write the other as amending.",
    )


def _both(one: Row, other: Row, day: str) -> Text:
    return Text(
        f"{one.id} và {other.id} cùng hiệu lực từ {day}. Ghi ngày hết hiệu lực cho một trong hai.",
        f"{one.id} and {other.id} overlap from {day}. Give one of them an end.",
    )


def _between(one: Row, other: Row, gap: Days) -> Text:
    days = f"{show(gap.start)}–{show(gap.end)}"
    return Text(
        f"Giữa {one.id} và {other.id} không có quy định cho {days}. Nối hai mục, hoặc ghi cặp này vào unfilled.",
        f"Between {one.id} and {other.id} nothing decides {days}. Join the rows, or list the pair under unfilled.",
    )


def _outlives(row: Row, day: str) -> Text:
    return Text(
        f"{row.id} còn hiệu lực sau khi văn bản của nó bị thay thế ngày {day}. Ghi ngày hết hiệu lực.",
        f"{row.id} outlives its dispatch, replaced on {day}. Give it an end.",
    )
