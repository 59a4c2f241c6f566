"""Where do browsers' sessions lie? In the table of sign-ins: with whose they are, and how long they may go on.

A sign-in ends when it was idle too long or has lasted too long (both by role, `accounts.limits`), when its row is gone
(signed out from elsewhere), when the account is closed, or when its password changed: no other check is needed.
The table holds a digest of the browser's key, so neither a reader of the database nor a backup can sign in with it.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY as ACCOUNT
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from tiemchung.accounts.limits import TOUCH
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_sign_in import SignIn
from tiemchung.ground import rows, sql
from tiemchung.ground.ids import new_id

queries = sql.load(__package__)
FACTS = "sign_in"  # what the row says beside the session's content: id, since, address, device, way, idle, longest


class SessionStore(DatabaseStore):
    """Django's sessions in the database, by the digest of their key, with the facts of the sign-in in columns."""

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        return SignIn

    account: Account | None = None  # who signed in here, as his row stood when the session was read

    def load(self) -> dict[str, Any]:
        """The session's content; nothing for a key whose sign-in has ended. Its account is read along."""
        now = datetime.now(UTC)
        row = sql.fetch_one(queries["sign_in"], {"key": digest(self.session_key or ""), "now": now})
        if row is None:
            self._session_key = None
            return {}
        key, content, since, seen_at = (row.pop(name) for name in ("key", "content", "since", "seen_at"))
        if row["id"]:
            self.account = rows.loaded(Account, row)
            if now - seen_at > TOUCH:
                self._touch(key, content, since, now)
        return dict(self.decode(content))

    def _touch(self, key: str, content: str, since: datetime, now: datetime) -> None:
        """Only the two columns: what another request of this browser writes at this moment stays."""
        end = _end(self.decode(content).get(FACTS, {}), since, now)
        SignIn.objects.filter(pk=key).update(seen_at=now, expire_date=end)

    def exists(self, session_key: str) -> bool:
        return SignIn.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        now = datetime.now(UTC)
        facts = data.setdefault(FACTS, {})
        facts.setdefault("id", str(new_id()))
        facts.setdefault("since", now.timestamp())
        since = datetime.fromtimestamp(facts["since"], UTC)
        return SignIn(
            id=facts["id"],
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=_end(facts, since, now),
            account_id=data.get(ACCOUNT),
            since=since,
            seen_at=now,
            address=facts.get("address"),
            device=facts.get("device", ""),
            way=facts.get("way", ""),
        )

    def cycle_key(self) -> None:
        """A new key is a new row: until the old one is deleted they may not share its id."""
        self.setdefault(FACTS, {})["id"] = str(new_id())
        super().cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        SignIn.objects.filter(session_key=digest(session_key or self.session_key or "")).delete()


def digest(session_key: str) -> str:
    """What the table knows of a browser's key: 160 bits of its SHA-256. The key is random, so no salt is needed."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


def _end(facts: dict[str, Any], since: datetime, now: datetime) -> datetime:
    idle = timedelta(seconds=facts.get("idle", settings.SESSION_COOKIE_AGE))
    longest = timedelta(seconds=facts.get("longest", settings.SESSION_COOKIE_AGE))
    return min(now + idle, since + longest)
