"""Issuing: everything is checked before anything is signed, and all that is wrong is told at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import is_normalized

from tiemchung.hcert import chain, claims, schema, shape, uvci, valuesets
from tiemchung.hcert.chain import Encoded
from tiemchung.hcert.content import KINDS
from tiemchung.hcert.errors import IssueRefused
from tiemchung.hcert.forms import Form, form_in_force
from tiemchung.hcert.misuse import need_aware
from tiemchung.hcert.names import transliterate
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.schema import ContentProblem
from tiemchung.hcert.signing import Signer

_TRANSLITERATED = (("fn", "fnt"), ("gn", "gnt"))
_CUT_FROM = 40
"""Characters. A name cut at a word's end to 80 keeps more than this, unless one word alone has 40."""


def issue(
    content: Mapping[str, Any],
    signer: Signer,
    *,
    issuer: str = "VN",
    issued_at: datetime,
    expires_at: datetime | None = None,
) -> Encoded:
    """Check an EU DCC strictly, sign it and pack it; times are aware and are cut to whole seconds.

    The issuer's form in force at `issued_at` adds its own rules and, where `expires_at` is left out, gives the end
    of validity, at most that of the signer certificate. Raises IssueRefused with every problem found, KeyUnusable if
    the key fails, and TypeError for a time without a zone.
    """
    (made,) = issue_all((content,), signer, issuer=issuer, issued_at=issued_at, expires_at=expires_at)
    if isinstance(made, IssueRefused):
        raise made
    return made


def issue_all(
    contents: Sequence[Mapping[str, Any]],
    signer: Signer,
    *,
    issuer: str = "VN",
    issued_at: datetime,
    expires_at: datetime | None = None,
) -> list[Encoded | IssueRefused]:
    """Do what `issue` does for many at once, which is faster; a refusal stands in its place and stops no other."""
    need_aware(issued_at=issued_at, expires_at=expires_at)
    frame = _frame(signer, issuer, issued_at, expires_at)
    refusals = [_refusal(content, frame, signer, issuer, issued_at) for content in contents]
    accepted = [content for content, refusal in zip(contents, refusals, strict=True) if refusal is None]
    encoded = iter(frame.envelope.encode_all(accepted))
    return [next(encoded) if refusal is None else refusal for refusal in refusals]


def _refusal(
    content: Mapping[str, Any], frame: "_Frame", signer: Signer, issuer: str, issued_at: datetime
) -> IssueRefused | None:
    if frame.accepts(content):
        return None
    ends = frame.expires_at
    found = problems(content, signer, issuer=issuer, issued_at=issued_at, expires_at=ends, form=frame.form)
    return IssueRefused(tuple(found)) if found else None


class _Frame(NamedTuple):
    """What all certificates of one signer, issuer and time have in common; `kinds` is empty if none may be issued."""

    envelope: chain.Envelope
    form: Form | None
    expires_at: datetime
    kinds: frozenset[str]
    today: str

    def accepts(self, content: Mapping[str, Any]) -> bool:
        """A quick yes for what is usual and right; a no says nothing, `problems` does."""
        if "v" not in self.kinds or not shape.usual(content):
            return False
        dose, form = content["v"][0], self.form
        if not content["dob"] <= dose["dt"] <= self.today:
            return False
        if form is not None and content["ver"] != form.version:
            return False
        if form is not None and form.transliterated and any(_transliteration_problems(content["nam"])):
            return False
        return _codes_agree(dose["tg"], dose["vp"], dose["mp"], dose["ma"], dose["co"])


@lru_cache(maxsize=64)
def _frame(signer: Signer, issuer: str, issued_at: datetime, expires_at: datetime | None) -> _Frame:
    form = form_in_force(issuer, issued_at.date())
    longest = longest_validity(signer, issued_at, form)
    expires_at = expires_at or longest
    kinds = signer.certificate.uses & (frozenset(form.kinds) if form else signer.certificate.uses)
    if expires_at > longest or any(_issuer_problems(issuer)) or any(_time_problems(signer, issued_at, expires_at)):
        kinds = frozenset()
    envelope = chain.Envelope(
        signer,
        issuer=issuer,
        issued_at=int(issued_at.timestamp()),
        expires_at=int(expires_at.timestamp()),
        subclaim=form.subclaim if form else claims.DCC,
    )
    return _Frame(envelope, form, expires_at, kinds, _day(issued_at))


@lru_cache(maxsize=4096)
def _codes_agree(*codes: str) -> bool:
    """Whether disease, vaccine type, product, maker and country may stand together: few combinations are in use."""
    return not valuesets.vaccination_problems(dict(zip(("tg", "vp", "mp", "ma", "co"), codes, strict=True)))


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def longest_validity(signer: Signer, issued_at: datetime, form: Form | None) -> datetime:
    """The end of validity that form and signer certificate allow."""
    end = signer.certificate.not_after
    return min(end, form.latest_expiry(issued_at)) if form else end


def problems(
    content: Mapping[str, Any],
    signer: Signer,
    *,
    issuer: str,
    issued_at: datetime,
    expires_at: datetime,
    form: Form | None,
) -> list[HcertProblem]:
    """Everything that forbids this certificate to be issued; empty if nothing does."""
    found: list[HcertProblem] = [*schema.problems(content, closed=True)]
    if not found:
        kind = next(kind for kind in KINDS if kind in content)
        found += _text_problems(content, kind)
        found += _ENTRY_PROBLEMS[kind](content[kind][0])
        found += _date_problems(content, kind, issued_at)
        found += _use_problems(signer, kind)
        if form is not None:
            found += _form_problems(content, kind, form, issued_at, expires_at)
    found += _issuer_problems(issuer)
    found += _time_problems(signer, issued_at, expires_at)
    return found


def _text_problems(content: Mapping[str, Any], kind: str) -> Iterator[HcertProblem]:
    """Text in NFC, without blanks around it, not empty (HCERT 1.0.8, 3.2; schema wiki); a proper identifier."""
    for path, fields in (("nam", content["nam"]), (f"{kind}.0", content[kind][0])):
        for name, value in fields.items():
            if isinstance(value, str) and not (value and value == value.strip() and is_normalized("NFC", value)):
                yield ContentProblem(
                    f"{path}.{name}",
                    vi="Bỏ khoảng trắng ở đầu và cuối, không để trống, và gõ dấu kiểu dựng sẵn.",
                    en="it must not be empty, nor have blanks around it, and must be in normal form NFC",
                )

    try:
        uvci.check_issuable(content[kind][0]["ci"])
    except uvci.UvciUnusable as unusable:
        yield ContentProblem(f"{kind}.0.ci", vi=unusable.vi, en=unusable.en)


def _date_problems(content: Mapping[str, Any], kind: str, issued_at: datetime) -> Iterator[HcertProblem]:
    entry = content[kind][0]
    today = _day(issued_at)
    for name in ("dt", "fr"):
        happened = entry.get(name)
        if happened and not content["dob"] <= happened <= today:
            yield ContentProblem(
                f"{kind}.0.{name}",
                vi=f"Ngày {happened} trước ngày sinh hoặc sau ngày cấp. Xem lại ngày.",
                en=f"{happened} is before the date of birth or after the time of issue; check the date",
            )


def _code_problems(kind: str) -> Callable[[Mapping[str, Any]], Iterator[HcertProblem]]:
    fields = [name for name, rule in schema.fields(kind).items() if "values" in rule]

    def check(entry: Mapping[str, Any]) -> Iterator[HcertProblem]:
        for name in fields:
            value = valuesets.value_sets()[name].values.get(entry[name])
            if value is None or not value.active:
                yield ContentProblem(
                    f"{kind}.0.{name}",
                    vi=f"Mã {entry[name]!r} không có trong bộ mã. Chọn mã trong danh mục.",
                    en=f"{entry[name]!r} is not in the value set; choose one that is",
                )

    return check


_ENTRY_PROBLEMS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "v": valuesets.vaccination_problems,
    "t": _code_problems("t"),
    "r": _code_problems("r"),
}


def _form_problems(
    content: Mapping[str, Any], kind: str, form: Form, issued_at: datetime, expires_at: datetime
) -> Iterator[HcertProblem]:
    if kind not in form.kinds:
        yield ContentProblem(
            kind, vi=f"Mẫu {form.id} chỉ cấp cho {form.kinds}.", en=f"form {form.id} is only for {form.kinds}"
        )
    if content["ver"] != form.version:
        yield ContentProblem(
            "ver", vi=f"Mẫu {form.id} dùng {form.version}.", en=f"form {form.id} has version {form.version}"
        )
    if expires_at > form.latest_expiry(issued_at):
        yield HcertProblem(
            "expires_at",
            vi=f"Hạn dài nhất theo mẫu {form.id} là {form.valid_months} tháng.",
            en=f"form {form.id} allows {form.valid_months} months at most",
        )
    if form.transliterated:
        yield from _transliteration_problems(content["nam"])


def _transliteration_problems(names: Mapping[str, str]) -> Iterator[HcertProblem]:
    for written, machine in _TRANSLITERATED:
        if written not in names:
            continue
        try:
            expected = _transliterated(names[written])
        except HcertProblem as unusable:
            yield ContentProblem(f"nam.{written}", vi=unusable.vi, en=unusable.en)
            continue
        if not _agree(names.get(machine, ""), expected):
            yield ContentProblem(
                f"nam.{machine}",
                vi=f"Chữ không dấu của {names[written]} phải là {expected}.",
                en=f"the transliteration of {names[written]} is {expected}",
            )


@lru_cache(maxsize=65_536)
def _transliterated(name: str) -> str:
    """Names repeat: a few thousand words make most Vietnamese names."""
    return transliterate(name)


def _agree(machine: str, expected: str) -> bool:
    """The same, or the same as far as the shorter goes where a name of over 80 characters was cut."""
    if machine == expected:
        return True
    shorter, longer = sorted((machine, expected), key=len)
    return len(shorter) > _CUT_FROM and longer.startswith(shorter)


def _use_problems(signer: Signer, kind: str) -> Iterator[HcertProblem]:
    if kind not in signer.certificate.uses:
        yield HcertProblem(
            "signer",
            vi="Khóa này không được phép ký loại chứng nhận này. Chọn khóa khác.",
            en="this key may not sign this kind of certificate; choose another",
        )


def _issuer_problems(issuer: str) -> Iterator[HcertProblem]:
    if issuer not in valuesets.value_sets()["co"].values:
        yield HcertProblem(
            "issuer", vi="Nơi cấp phải là mã nước hai chữ.", en="the issuer must be a two-letter country code"
        )


def _time_problems(signer: Signer, issued_at: datetime, expires_at: datetime) -> Iterator[HcertProblem]:
    certificate = signer.certificate
    if expires_at <= issued_at:
        yield HcertProblem(
            "expires_at", vi="Ngày hết hạn phải sau ngày cấp.", en="the expiry must be after the time of issue"
        )
    if issued_at < certificate.not_before or expires_at > certificate.not_after:
        yield HcertProblem(
            "expires_at",
            vi="Thời hạn phải nằm trong hạn của chứng thư ký. Rút ngắn hạn, hoặc dùng khóa mới.",
            en="the validity must lie within the signer certificate's; shorten it, or use a newer key",
        )
