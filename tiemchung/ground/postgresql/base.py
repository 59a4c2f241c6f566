"""Is a connection that stood idle still good? Before each request its socket is asked, not the server."""

import select

from django.db.backends.postgresql.base import DatabaseWrapper as DjangoWrapper
from psycopg.pq import TransactionStatus


class DatabaseWrapper(DjangoWrapper):
    """Django's connection, but that its health check costs no exchange with the server as long as nothing came in.

    A server that ended, was ended or threw the connection out has closed its socket, or said so: either can be read.
    Only then the server is asked. A network that swallows everything is not found out so; asking would hang just as
    the statement does, until the kernel gives up.
    """

    def is_usable(self) -> bool:
        """Say whether the next statement may be sent."""
        return self._may_go_on() and (self._is_silent() or bool(super().is_usable()))

    def _may_go_on(self) -> bool:
        """A transaction that has failed takes nothing but its end."""
        return self.connection is None or self.connection.info.transaction_status is not TransactionStatus.INERROR

    def _is_silent(self) -> bool:
        """Nothing waits to be read on an open socket: between two statements a server that is well says nothing."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.pgconn.socket, select.POLLIN | select.POLLRDHUP)
        return not poll.poll(0)
