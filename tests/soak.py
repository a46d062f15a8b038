"""Kill the service hundreds of times while members reply, and look at what is left: `make soak`.

CONSULT_TEST_POSTGRESQL names the server on which a database of its own is made; without it
SQLite alone is tried.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from tests.databases import beside
from tests.durability.service import furnish, kill_and_restart, left

MEMBERS, EACH = 6, 6


def soak(url: str, folder: Path, cycles: int) -> int:
    """Kill it so often; say what was acknowledged and what is wrong, and return how much is."""
    place = furnish(url, folder, MEMBERS)
    acknowledged = kill_and_restart(place, cycles, EACH)
    wrong = left(place, acknowledged, cycles)
    name = sa.make_url(url).get_backend_name()
    said = f"{name}: {cycles} times killed, {len(acknowledged)} replies acknowledged"
    sys.stdout.write("\n".join([f"{said}, {len(wrong)} faults", *wrong]) + "\n")
    return len(wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--cycles", type=int, default=500)
    cycles = parser.parse_args().cycles
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        wrong += soak(f"sqlite:///{folder}/consult.db", Path(folder), cycles)
    if address := os.environ.get("CONSULT_TEST_POSTGRESQL"):
        server = sa.create_engine(address)
        with tempfile.TemporaryDirectory() as folder, beside(server) as url:
            wrong += soak(url, Path(folder), cycles)
        server.dispose()
    sys.exit(min(wrong, 1))


if __name__ == "__main__":
    main()
