"""The campaign day, part by part. Each part gives what happened in numbers, counted from the tables or the answers."""

import csv
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.conf import settings

from tiemchung.accounts.models import Account
from tiemchung.campaigns import actions as campaigns
from tiemchung.doses.due import due_for
from tiemchung.figures import actions as figures
from tiemchung.figures import public
from tiemchung.ground import sql
from tiemchung.identity import actions as identity
from tiemchung.oversight import actions_seal, publishing, verifying
from tiemchung.passports.models import Passport
from tiemchung.places.models import Area
from tiemchung.simulator import cleaning, family, mistaken, stage
from tiemchung.simulator.client import Client
from tiemchung.simulator.declarations import Slip
from tiemchung.simulator.guests import Guest, guests_of, let_slip
from tiemchung.simulator.other_side import OtherSide
from tiemchung.simulator.plan import DAY, MINISTRY, PASSWORD, SIGNER, SITES
from tiemchung.simulator.site_day import SiteDay

Progress = Callable[[int], None]  # told how many more are done
Numbers = dict[str, int]
LOOKED_UP = 60
NOTHING_TO_MEND = (Slip.NONE, Slip.CARD_JUST_ISSUED)
STANDINGS = ("right", "wrong", "unknown", "unchecked", "not_sent", "passports")
queries = sql.load(__package__)


@dataclass
class Play:
    """One run of the day against a running server."""

    url: str
    people: int
    seed: int = 2022
    days: list[SiteDay] = field(default_factory=list)

    def set_up(self) -> Numbers:
        """Areas, facilities, accounts, keys, campaign, stock; and who will come to which site."""
        share, rest = divmod(self.people, len(SITES))
        self.days = [
            SiteDay(
                place=place,
                guests=guests_of(place.site, share + (number < rest), seed=self.seed),
                client=self._client(),
            )
            for number, place in enumerate(stage.set_up())
        ]
        let_slip(self.guests, seed=self.seed)
        return {"sites": len(self.days)}

    @property
    def guests(self) -> list[Guest]:
        """Everybody, site by site."""
        return [guest for day in self.days for guest in day.guests]

    def register(self, progress: Progress) -> Numbers:
        """Families register in the health book; the rest is declared by staff at the sites."""
        households = [
            (day, list(members))
            for day in self.days
            for _, members in groupby(day.guests, key=lambda guest: guest.resident.household)
        ]
        by_themselves = [members for _, members in households if members[0].by_himself]
        with ThreadPoolExecutor(len(SITES)) as pool:
            list(pool.map(lambda members: self._register_household(members, progress), by_themselves))
            list(pool.map(_open_and_declare, self.days))
        in_health_book = sum(len(members) for members in by_themselves)
        at_sites = sum(not guest.by_himself and not guest.queued for guest in self.guests)
        progress(at_sites)
        return {"families": len(by_themselves), "in_health_book": in_health_book, "at_sites": at_sites}

    def queue(self, other_side: OtherSide) -> Numbers:
        """The line to the population side goes down; who is declared meanwhile is not checked, and waits in a batch."""
        return other_side.queue(lambda: _each(self.days, lambda day: day.declare_walk_ins(queued=True)))

    def invite(self) -> Numbers:
        """Each site invites who registered in its district and is due."""
        invited = 0
        for day in self.days:
            head = Account.objects.get(username=day.place.site.head)
            invited += len(campaigns.invite(session_id=day.place.session_id, due=due_for, by=head))
        return {"invited": invited}

    def enter_first_doses(self) -> Numbers:
        """First doses of earlier weeks are entered from paper."""
        with ThreadPoolExecutor(len(SITES)) as pool:
            list(pool.map(SiteDay.enter_first_doses, self.days))
        return {"late_entries": sum(guest.first_dose_at is not None for guest in self.guests)}

    def morning(self, progress: Progress) -> Numbers:
        """Six sites at once: scan, screening, injection, observation; the tally is typed."""
        with ThreadPoolExecutor(len(SITES)) as pool:
            list(pool.map(lambda day: day.receive(progress), self.days))
            list(pool.map(SiteDay.type_tally, self.days))
        return {"injected": sum(day.injected for day in self.days)}

    def catch_up(self) -> Numbers:
        """Devices that were without network send what they kept; given and recorded agree again."""
        before = self.backlog()
        for day in self.days:
            day.send_held_back()
        answers: Counter[str] = sum((day.answers for day in self.days), Counter())
        return {"backlog_before": before, "backlog_after": self.backlog(), **dict(answers)}

    def backlog(self) -> int:
        """Given by the tallies minus recorded in the ledger, today, over all sites."""
        return sum(row["tally"] - row["ledger"] for row in self.by_site())

    def check_identities(self) -> Numbers:
        """The population side is asked about everybody who is unchecked."""
        return {"answered": identity.check_due(by=None), **self._identities()}

    def answer_batch(self, other_side: OtherSide) -> Numbers:
        """The answers to the batch come in as files."""
        return {**other_side.answer_batch(), **self._identities()}

    def change_register(self, other_side: OtherSide) -> Numbers:
        """The register changes, and whom it concerns is asked about anew."""
        return {**other_side.change_register(self.guests), **self._identities()}

    def attest(self, progress: Progress) -> Numbers:
        """Each head of facility signs what his site recorded, with one signature."""
        for day in self.days:
            client = self._client()
            client.sign_in(day.place.site.head, PASSWORD)
            page = client.get("/van-phong/ky-du-lieu/ky")
            client.post_form("/van-phong/ky-du-lieu/ky", {"seen_at": _hidden(page.text, "seen_at")})
            client.close()
            progress(1)
        return {"attestations": len(self.days)}

    def issue(self) -> Numbers:
        """The national signer signs passports for whoever is right and complete."""
        before = Passport.objects.count()
        client = self._client()
        client.sign_in(SIGNER, PASSWORD)
        client.post_form("/van-phong/ho-chieu/ky", {})
        client.close()
        return {"issued": Passport.objects.count() - before, **self._identities()}

    def mend(self, progress: Progress) -> Numbers:
        """Citizens whose data were wrong put them right in the health book; the population side is asked again."""
        slipped = [guest for guest in self.guests if self.will_mend(guest)]
        with ThreadPoolExecutor(len(SITES)) as pool:
            list(pool.map(lambda guest: self._mend(guest, progress), slipped))
        identity.check_due(by=None)
        return {"mended": len(slipped), **self._identities()}

    def clean(self, other_side: OtherSide, progress: Progress) -> Numbers:
        """What is still wrong becomes tasks, and station, hamlet teams, sites and commune police work through them."""
        done = cleaning.clean(self.url, other_side.url, self.days, progress)
        return {**done, **self._identities()}

    def write_officers(self, path: Path) -> int:
        """The officers of the commune police, for the population side. Gives how many."""
        communes = Area.objects.in_bulk([site.commune_code for site in SITES])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["username", "name", "commune", "password"])
            for site in SITES:
                writer.writerow(
                    [site.officer, _police_of(communes[site.commune_code].name), site.commune_code, PASSWORD]
                )
        return len(SITES)

    @staticmethod
    def will_mend(guest: Guest) -> bool:
        """Say whether a guest has something to put right, and a health book to do it in."""
        return guest.by_himself and (guest.said.slip not in NOTHING_TO_MEND or guest.register_changes)

    def find_duplicates(self) -> Numbers:
        """Two people who were written down twice are found and merged; one merge is undone."""
        return mistaken.written_twice(Account.objects.get(username=MINISTRY))

    def complain(self) -> Numbers:
        """Three citizens complain with a photo: one is put right and asked about anew, one is refused, one waits."""
        numbers = mistaken.complained(Account.objects.get(username=MINISTRY))
        identity.check_due(by=None)
        return numbers

    def look_up(self, progress: Progress) -> Numbers:
        """A verifier checks passports, the same with one letter changed, and the revoked."""
        client = self._client()
        good = list(Passport.objects.filter(revocation=None).values_list("text", flat=True)[:LOOKED_UP])
        revoked = list(Passport.objects.exclude(revocation=None).values_list("text", flat=True)[:LOOKED_UP])
        verdicts: Counter[str] = Counter()
        for kind, text in [
            *(("good", text) for text in good),
            *(("forged", _forged(text)) for text in good[:10]),
            *(("revoked", text) for text in revoked),
        ]:
            page = client.post_form("/kiem-tra/", {"text": text}).text
            verdicts[f"{kind}_{_verdict(page)}"] += 1
            progress(1)
        client.close()
        return dict(verdicts)

    def count(self) -> Numbers:
        """The figures are taken, as the public sees them."""
        figures.take(by=None)
        counts = public.national()
        return {
            "given": counts.given,
            "recorded": counts.recorded,
            "verified": counts.verified,
            "signed": counts.signed,
        }

    def verify_seals(self) -> Numbers:
        """What the worker sealed during the day, and what is left to seal, is held against the published copy."""
        actions_seal.seal_finished()
        publishing.publish()
        report = verifying.verify(folder=settings.SEALS_FOLDER)
        return {
            "seals": report.seals,
            "rows_as_they_were_sealed": report.rows,
            "not_sealed_yet": report.unsealed,
            "problems": len(report.problems),
        }

    def by_site(self) -> list[dict[str, int]]:
        """What ledger, stock and tally of each site say of the day."""
        return sql.fetch_all(queries["by_site"], {"day": DAY})

    def people_now(self) -> Numbers:
        """How many persons stand where."""
        return sql.fetch_one(queries["people"]) or {}

    def somebody_with_a_passport(self) -> str:
        """The phone of a family with a passport in its book; empty when there is none."""
        certified = set(Passport.objects.filter(revocation=None).values_list("person_id", flat=True))
        held = [guest for guest in self.guests if guest.by_himself and guest.person_id in certified]
        return held[0].resident.phone if held else ""

    def retries(self) -> int:
        """How often something had to be sent again because the server was away."""
        return sum(day.client.retries for day in self.days)

    def _identities(self) -> Numbers:
        now = self.people_now()
        return {state: now[state] for state in STANDINGS}

    def _register_household(self, members: list[Guest], progress: Progress) -> None:
        client = self._client()
        family.register_household(client, members, lambda: progress(1))
        client.close()

    def _mend(self, guest: Guest, progress: Progress) -> None:
        client = self._client()
        client.sign_in(guest.resident.phone, PASSWORD)
        family.correct(client, guest)
        client.close()
        progress(1)

    def _client(self) -> Client:
        return Client(self.url)


def _each(days: list[SiteDay], act: Callable[[SiteDay], None]) -> None:
    with ThreadPoolExecutor(len(days)) as pool:
        list(pool.map(act, days))


def _open_and_declare(day: SiteDay) -> None:
    day.open()
    day.declare_walk_ins()


def _hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    start = page.index(f'name="{name}" value="') + len(f'name="{name}" value="')
    return page[start : page.index('"', start)]


def _forged(text: str) -> str:
    """The same certificate with one letter changed."""
    place = len(text) // 2
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def _police_of(commune: str) -> str:
    return f"Công an {commune[0].lower()}{commune[1:]}"


def _verdict(page: str) -> str:
    return next(kind for kind in ("ok", "stop", "unknown") if f'tc-verdict is-{kind}"' in page)
