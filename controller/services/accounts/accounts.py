"""People who may sign in: their roles, their sessions, and the patience with wrong passwords.

Users and sessions are kept in memory and written through to the store, so that who is asking is known without any
I/O. A session's token is never stored, only its digest. Sessions live by the real clock, not by a driven one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from broker.contract.errors import Code, RefusedError
from controller.services.accounts.login_throttle import LoginThrottle

if TYPE_CHECKING:
    from broker.runtime.clock import Clock

SESSION_MS = 12 * 3600 * 1000
"""How long a session lasts: longer than any working day, shorter than a night between two."""

MOST_SESSIONS = 20
"""Sessions of one user at a time; the oldest ends when another begins."""

PASSWORD_LENGTHS = range(6, 257)
TOKEN_BYTES = 32


class Role(StrEnum):
    """What a user may do; each role may do all that the one before it may."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    def covers(self, other: Role) -> bool:
        """Tell whether this role may do what another may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class User:
    """One user as stored; `password` is its hash."""

    user: str
    role: Role
    password: str
    at: int


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in user. `digest` stands for the token, `csrf` is what a page sends back with each change."""

    digest: str
    user: str
    csrf: str
    at: int
    expires_at: int

    def lasts_at(self, now: int) -> bool:
        """Return whether it holds at an instant; not when a clock far ahead began it, for it would last for years."""
        return self.at - SESSION_MS <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking."""

    user: str
    role: Role
    csrf: str


class AccountStore(Protocol):
    """Where users and sessions are kept; every method may raise `StoreError`."""

    async def users(self) -> list[User]:
        """Give all users."""
        ...

    async def sessions(self) -> list[Session]:
        """Give all sessions, expired ones too."""
        ...

    async def put_user(self, user: User) -> None:
        """Write a user in place of one of the same name, and end the sessions of that one."""
        ...

    async def remove_user(self, user: str) -> None:
        """Delete a user and its sessions."""
        ...

    async def put_session(self, session: Session, gone: list[str]) -> None:
        """Write a session and delete those whose digests are given."""
        ...

    async def remove_session(self, digest: str) -> None:
        """Delete a session."""
        ...


class Hasher(Protocol):
    """Makes and checks password hashes, away from the event loop and a few at a time."""

    async def hash(self, password: str) -> str:
        """Give the hash to store."""
        ...

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether a password fits; with None takes as long and tells False."""
        ...


def digest_of(token: str) -> str:
    """Give what is stored in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """The users of one centre. `clock` is the real one; `start` must have been awaited before the first question."""

    def __init__(self, store: AccountStore, hasher: Hasher, clock: Clock) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._users: dict[str, User] = {}
        self._sessions: dict[str, Session] = {}
        self._patience = LoginThrottle(clock)

    async def start(self) -> None:
        """Read users and living sessions from the store."""
        self._users = {user.user: user for user in await self._store.users()}
        now = self._clock.now()
        self._sessions = {
            session.digest: session
            for session in await self._store.sessions()
            if session.lasts_at(now) and session.user in self._users
        }

    def who(self, token: str) -> Caller | None:
        """Give the caller that a token stands for, or None; asks only the memory."""
        session = self._sessions.get(digest_of(token))
        user = None if session is None else self._users.get(session.user)
        if session is None or user is None or not session.lasts_at(self._clock.now()):
            return None
        return Caller(user.user, user.role, session.csrf)

    def knows(self, user: str) -> bool:
        """Tell whether there is a user of this name."""
        return user in self._users

    def everybody(self) -> list[User]:
        """Give all users in the order of their names."""
        return sorted(self._users.values(), key=lambda user: user.user)

    async def sign_in(self, user: str, password: str, source: str) -> tuple[str, Session] | None:
        """Give a new session and its token, or None when name and password do not fit.

        `source` is the caller's address. After repeated failures it is `try_again` until some time has passed.
        """
        keys = (f"pair {user} {source}", f"source {source}", f"user {user}")
        known = self._users.get(user)
        with self._patience.reserve(keys) as attempt:
            fits = await self._hasher.verify(password, known.password if known else None)
            attempt.fits = fits and known is not None and self._users.get(user) is known
        if known is None or not attempt.fits:
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock.now()
        session = Session(digest_of(token), user, secrets.token_urlsafe(TOKEN_BYTES), now, now + SESSION_MS)
        gone = self._surplus(user, now)
        await self._store.put_session(session, gone)
        if self._users.get(user) is not known:
            return None
        for digest in gone:
            self._sessions.pop(digest, None)
        self._sessions[session.digest] = session
        return token, session

    async def sign_out(self, token: str) -> None:
        """End a session; the token is worth nothing from the moment of the call."""
        digest = digest_of(token)
        self._sessions.pop(digest, None)
        await self._store.remove_session(digest)

    async def add(self, user: str, role: Role, password: str | None = None) -> str:
        """Make a user, or give a known one a new role and password and end its sessions; give the password."""
        chosen = password if password is not None else secrets.token_urlsafe(12)
        if len(chosen) not in PASSWORD_LENGTHS:
            raise RefusedError(Code.BAD_REQUEST, "A password has 6 to 256 characters.")
        if role is not Role.ADMINISTRATOR:
            self._keep_an_administrator(user)
        made = User(user, role, await self._hasher.hash(chosen), self._clock.now())
        await self._store.put_user(made)
        self._end_sessions(user)
        self._users[user] = made
        return chosen

    async def remove(self, user: str) -> None:
        """Delete a user and its sessions; the last administrator stays (`bad_state`)."""
        if user not in self._users:
            raise RefusedError(Code.NOT_FOUND, f"There is no user {user}.")
        self._keep_an_administrator(user)
        self._end_sessions(user)
        await self._store.remove_user(user)
        self._users.pop(user, None)

    def _keep_an_administrator(self, user: str) -> None:
        administrators = {known.user for known in self._users.values() if known.role is Role.ADMINISTRATOR}
        if administrators == {user}:
            raise RefusedError(Code.BAD_STATE, f"{user} is the only administrator; name another one first.")

    def _end_sessions(self, user: str) -> None:
        for digest in [digest for digest, session in self._sessions.items() if session.user == user]:
            del self._sessions[digest]

    def _surplus(self, user: str, now: int) -> list[str]:
        dead = [digest for digest, session in self._sessions.items() if not session.lasts_at(now)]
        own = sorted((s for s in self._sessions.values() if s.user == user and s.lasts_at(now)), key=lambda s: s.at)
        return dead + [session.digest for session in own[: max(0, len(own) - MOST_SESSIONS + 1)]]


def same(given: str, expected: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(given.encode(), expected.encode())
