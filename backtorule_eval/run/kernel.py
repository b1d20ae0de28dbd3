"""The kernel a notebook runs in: what its environment is, and how it talks."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from jupyter_client.manager import AsyncKernelManager

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
    """A kernel that others on the machine cannot listen to: Unix sockets, or encrypted TCP on Windows."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if sys.platform == "win32":
            self.transport_encryption = "required"
        else:
            self.transport = "ipc"


def fix_environment(extra: Mapping[str, str]) -> None:
    """Set the environment that kernels started from this process inherit."""
    os.environ.update(FIXED_ENVIRONMENT)
    os.environ.update(extra)
