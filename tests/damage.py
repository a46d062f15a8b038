"""Valid files, damaged: each bit of theirs may be another, and each may end anywhere."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from random import Random  # noqa: TID251 - the same files each time


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damaged(data: bytes, tries: int, seed: int = 1) -> Iterator[bytes]:
    """Yield *data* with some of its bits turned, one in five of them cut as well.

    The same seed gives the same files, so that a failure can be met again.
    """
    drawn = Random(seed)  # noqa: S311 - no secret
    for _ in range(tries):
        changed = bytearray(data)
        for _bit in range(drawn.choice((1, 1, 2, 5))):
            changed[drawn.randrange(len(changed))] ^= 1 << drawn.randrange(8)
        end = drawn.randrange(len(changed)) if drawn.random() < 0.2 else len(changed)
        yield bytes(changed[:end])


def ends(data: bytes, most: int = 400) -> Iterator[bytes]:
    """Yield *data* cut after every so many bytes, never more often than *most* times."""
    for end in range(0, len(data), max(1, len(data) // most)):
        yield data[:end]
