"""Write anew which forms and fields there are: `python -m tests.web.fuzz.forms`."""

import tempfile
from pathlib import Path

from consult.tables.migrating import upgrade
from consult.web.routes import FIELDS
from tests import world as worlds
from tests.web.fuzz.places import found_in
from tests.web.fuzz.sheets import FORMS, named, written


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/consult.db"
        upgrade(url)
        with worlds.made(url, Path(folder)) as world:
            sheets = found_in(world).values()
            FORMS.write_text(written(sheets), encoding="utf-8")
            FIELDS.write_text(named(sheets), encoding="utf-8")


if __name__ == "__main__":
    main()
