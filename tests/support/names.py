"""Names that lead where a test says."""

import socket
from collections.abc import Mapping, Sequence

from infra.inner_networks import Resolved


class Names:
    """A `Resolving`: each name has its answers, of one or more addresses each. The last one is given for ever.

    `asked` are the names that were resolved.
    """

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {name: list(several) for name, several in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[Resolved]:
        self.asked.append(host)
        left = self._answers[host]
        return [_resolved(address, port) for address in (left.pop(0) if len(left) > 1 else left[0])]


def _resolved(address: str, port: int) -> Resolved:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 0, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))
