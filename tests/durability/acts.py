"""Every act that matters, one after another, each tried at every point at which it may fail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from consult.actions.change import Desk
from consult.errors import Refused, Unavailable
from tests.durability.faults import Commit, everything, faulty, shape


@dataclass
class Trial:
    """Tries acts and counts their points.

    Args:
        points: Of each act its statements, and the commit.
    """

    desk: Desk
    points: dict[str, int] = field(default_factory=dict)

    def __call__(
        self, name: str, act: Callable[[], Any], again: type[Refused] | None = None
    ) -> Any:
        """Let *act* fail at each of its points, then let it be done and its answer be lost.

        Nothing is there after the one, everything after the other; who tries again is told the
        same, or, where the act is a step that is made once, is refused.

        Args:
            again: How a second attempt is refused; None: it answers as the first would have.

        Returns:
            The answer of the second attempt.
        """
        engine = self.desk.engine
        before, as_it_was = everything(engine), shape(engine)
        with faulty(engine, commit=Commit.REFUSED) as seen, pytest.raises(Unavailable):
            act()
        assert seen.count("COMMIT") == 1, "one act is one transaction"
        self.points[name] = len(seen)
        for point in range(len(seen) - 1):
            with faulty(engine, fails_at=point), pytest.raises(Unavailable):
                act()
            assert shape(engine) == as_it_was, seen[point]
        assert everything(engine) == before, name
        with faulty(engine, commit=Commit.LOST), pytest.raises(Unavailable):
            act()
        done = everything(engine)
        assert done != before, name
        answer = None
        if again is None:
            answer = act()
        else:
            with pytest.raises(again):
                act()
        assert everything(engine) == done, name
        return answer
