"""How the server is set: one notebook, one address, one key, nothing else served and nothing of the user's own read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from traitlets.config.loader import Config

from werkbank.dashboard.processes import Order

__all__ = [
    "ADDRESS",
    "LONGEST_SOCKET",
    "NOTEBOOK",
    "SCRIPT",
    "SCRIPT_ADDRESS",
    "cookie_options",
    "server_config",
    "sockets_fit",
]

ADDRESS = "127.0.0.1"
NOTEBOOK = "dashboard.ipynb"
SCRIPT = "chart.js"
SCRIPT_ADDRESS = f"/werkbank/{SCRIPT}"
IDLE_SECONDS = 900
CHECK_SECONDS = 60
LONGEST_SOCKET = 100
"""A socket's name may be 104 characters on macOS, 108 on Linux, its closing zero included."""
_SOCKET_NAME = "kernel-00000000-0000-0000-0000-000000000000-ipc-5"
_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")
_SAYS_WHAT_FAILED = "Dit onderdeel kon niet worden gemaakt. Sluit het dashboard en maak het opnieuw."
_CONTENT = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{host}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def server_config(order: Order) -> Config:
    """The configuration of Voilà; nothing in it can be overridden by a file, an address or a notebook."""
    config: dict[str, dict[str, Any]] = {
        "Voila": {
            "ip": ADDRESS,
            "open_browser": False,
            "root_dir": order.folder,
            "notebook_path": str(Path(order.folder) / NOTEBOOK),
            "connection_dir_root": order.sockets,
            "config_file_paths": [],
            "token": order.key,
            "log_level": "ERROR",
        },
        "VoilaConfiguration": {
            "template": "lab",
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],
            "strip_sources": True,
            "show_tracebacks": False,
            "extension_allowlist": list(_EXTENSIONS),
            "preheat_kernel": order.pool > 0,
            "default_pool_size": order.pool,
            "resources": {
                "werkbank": {"title": order.title, "head": order.head, "style": order.style, "script": SCRIPT_ADDRESS}
            },
        },
        "VoilaExecutor": {"cell_error_instruction": _SAYS_WHAT_FAILED},
        "MappingKernelManager": {
            "cull_idle_timeout": IDLE_SECONDS,
            "cull_interval": CHECK_SECONDS,
            # Who reads for a quarter of an hour keeps the page; a closed page has no connection.
            "cull_connected": False,
        },
        "IdentityProvider": {"cookie_options": cookie_options()},
    }
    if sockets_fit(order.sockets):
        config["KernelManager"] = {"transport": "ipc"}
    return Config(config)


def cookie_options() -> dict[str, Any]:
    """The cookie is for this browser and this server only, and for as long as the browser is open."""
    return {"httponly": True, "samesite": "Lax", "expires_days": None}


def headers(host: str) -> dict[str, str]:
    """What the browser is told at every answer: fetch nothing from elsewhere, tell nobody, keep nothing."""
    return {
        "Content-Security-Policy": _CONTENT.format(host=host),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def sockets_fit(folder: str) -> bool:
    """Whether kernels can talk over sockets in this folder instead of over ports."""
    return os.name == "posix" and len(f"{folder}/voila_12345678/{_SOCKET_NAME}") <= LONGEST_SOCKET
