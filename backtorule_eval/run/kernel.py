"""The kernel a notebook runs in: what its environment is, and how it talks."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from backtorule_eval.study.workspace import JOB_FOLDER

# Seen to change results or bytes from run to run when left free.
FIXED_ENVIRONMENT: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}


class PrivateKernelManager(AsyncKernelManager):
    """A kernel that others on the machine cannot listen to: Unix sockets, or encrypted TCP on Windows.

    The sockets get a folder of their own, 0700 and with a short name (their paths may have 107 characters):
    Jupyter's default names them after the working folder, where two kernels at a time would share them.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._sockets: Path | None = None
        if sys.platform == "win32":
            self.transport_encryption = "required"
        else:
            self._sockets = Path(tempfile.mkdtemp(prefix="kernel-"))
            self.transport = "ipc"
            self.ip = str(self._sockets / "s")

    async def _async_launch_kernel(self, kernel_cmd: list[str], **settings: Any) -> None:
        """Start the process; what it writes past Jupyter can be data, so no terminal and no log gets it."""
        with _past_jupyter().open("ab") as written:
            streams = {"stdout": written, "stderr": written}
            await super()._async_launch_kernel(kernel_cmd, **settings, **streams)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """Remove the sockets' folder with everything else."""
        await super()._async_cleanup_resources(restart=restart)
        if self._sockets is not None and not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


def _past_jupyter() -> Path:
    """Where a kernel's own standard streams go: programs it starts and libraries in C write there."""
    folder = os.environ.get(JOB_FOLDER)
    return Path(folder) / "streams.txt" if folder else Path(os.devnull)


def fix_environment(extra: Mapping[str, str]) -> None:
    """Set the environment that kernels started from this process inherit."""
    os.environ.update(FIXED_ENVIRONMENT)
    os.environ.update(extra)
