"""Files that answers leave behind where no jail's own folders vanish with it."""

import contextlib
import os
import shutil
from pathlib import Path

SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")  # all may write there


def remove(user: int, *, since: float, folders: tuple[str, ...] = SHARED) -> None:
    """Remove what a user without processes has made in the folders that all may write to.

    Args:
        user: its number.
        since: seconds since the epoch; what is older stays.
        folders: where to look.
    """
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                if found.st_uid != user or found.st_ctime < since - 1:  # some clocks are coarse
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    with contextlib.suppress(OSError):
                        Path(entry.path).unlink()
