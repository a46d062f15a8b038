"""What the machine says of itself: on what a file lies, and whether its clock is set."""

import shutil
import subprocess  # nosec B404
from collections.abc import Callable
from pathlib import Path


def file_system(path: Path) -> str:
    """Return the kind of the file system that *path* lies on; empty where that cannot be told."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        _device, mount, found, *_rest = line.split(" ")
        mount = mount.replace("\\040", " ")
        if path.is_relative_to(mount) and len(mount) >= len(best):
            best, kind = mount, found
    return kind


def synchronised(
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run,
) -> bool | None:
    """Say whether the machine says that its clock is synchronised; None if it cannot be asked."""
    where = shutil.which("timedatectl")
    if where is None:
        return None
    try:
        said = run(
            [where, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(said)
