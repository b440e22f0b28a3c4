"""Users and sessions in the store; passwords only as hashes, tokens only as digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.services.accounts.accounts import Role, Session, User
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    import sqlite3

    from controller.store.database import Database

HASHED = "$argon2"


class SqliteAccounts:
    """`controller.services.accounts.accounts.AccountStore` over one SQLite file."""

    def __init__(self, database: Database, aside: QuarantinedRows | None = None) -> None:
        self._database = database
        self._aside = aside or QuarantinedRows()

    async def users(self) -> list[User]:
        """Give all users; one whose role or password hash is damaged cannot sign in until it is added again."""

        def find(connection: sqlite3.Connection) -> list[User]:
            found = []
            for user, role, password, at in connection.execute("SELECT user, role, password, at FROM users"):
                if role not in set(Role) or not password.startswith(HASHED):
                    instead = "this user cannot sign in: `luot user add` gives a new role and password"
                    self._aside.report("users", user, "its role or password hash is damaged", instead)
                else:
                    found.append(User(user, Role(role), password, at))
            return found

        return await self._database.read(find)

    async def sessions(self) -> list[Session]:
        """Give all sessions, expired ones too."""

        def find(connection: sqlite3.Connection) -> list[Session]:
            rows = connection.execute("SELECT digest, user, csrf, at, expires_at FROM sessions")
            return [Session(*row) for row in rows]

        return await self._database.read(find)

    async def put_user(self, user: User) -> None:
        """Write a user in place of one of the same name, and end the sessions of that one."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM users WHERE user = ?", (user.user,))
            connection.execute("INSERT INTO users VALUES (?,?,?,?)", (user.user, user.role, user.password, user.at))

        await self._database.write(write)

    async def remove_user(self, user: str) -> None:
        """Delete a user and its sessions."""
        await self._database.write(lambda connection: connection.execute("DELETE FROM users WHERE user = ?", (user,)))

    async def put_session(self, session: Session, gone: list[str]) -> None:
        """Write a session and delete those whose digests are given."""

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM sessions WHERE digest = ?", [(digest,) for digest in gone])
            connection.execute(
                "INSERT INTO sessions VALUES (?,?,?,?,?)",
                (session.digest, session.user, session.csrf, session.at, session.expires_at),
            )

        await self._database.write(write)

    async def remove_session(self, digest: str) -> None:
        """Delete a session."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM sessions WHERE digest = ?", (digest,))
        )
