"""Write the list of forms anew: `python -m tests.web.fuzz.forms`."""

import tempfile
from pathlib import Path

from consult.tables.migrating import upgrade
from tests import world as worlds
from tests.web.fuzz.places import found_in
from tests.web.fuzz.sheets import FORMS, written


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/consult.db"
        upgrade(url)
        with worlds.made(url, Path(folder)) as world:
            FORMS.write_text(written(found_in(world).values()), encoding="utf-8")


if __name__ == "__main__":
    main()
