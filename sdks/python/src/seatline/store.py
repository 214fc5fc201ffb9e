"""Where a client keeps its state between runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Optional, Protocol, Union


class Store(Protocol):
    def load(self) -> Optional[str]:
        """What was saved last, None if nothing was."""

    def save(self, text: str) -> None: ...


class FileStore:
    """A file that only its owner can read. Who can change it can make up answers, though no leases: those are signed."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self._path = Path(path)

    def load(self) -> Optional[str]:
        try:
            return self._path.read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def save(self, text: str) -> None:
        # Put in place whole, so that a crash leaves the old one.
        descriptor, path = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path, self._path)
        except BaseException:
            os.unlink(path)
            raise
