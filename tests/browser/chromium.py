"""A headless Chromium for the tests, driven over its DevTools protocol: no more than the tests ask of it."""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import websocket

from tests.requirements import find_chromium

# As root there is no sandbox. Nothing but the page may ask for anything, and no name of a host is resolved.
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
PATIENCE = 60.0
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27}


class BrowserProblem(Exception):
    """The browser did not do what it was asked to do."""


@dataclass
class Browser:
    """One running Chromium and the one connection to it."""

    connection: websocket.WebSocket
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    events: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, *, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Send one command and return its result; what happens meanwhile is kept in `events`."""
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        self.connection.send(json.dumps(command | ({"sessionId": session} if session else {})))
        while (message := self._receive(method)).get("id") != number:
            self.events.append(message)
        if "error" in message:
            raise BrowserProblem(f"{method}: {message['error']['message']}")
        return dict(message["result"])

    def wait_for(self, method: str, *, session: str) -> dict[str, Any]:
        """Return the first event of this kind that has not been waited for."""
        while True:
            for number, event in enumerate(self.events):
                if event["method"] == method and event.get("sessionId") == session:
                    return dict(self.events.pop(number)["params"])
            self.events.append(self._receive(method))

    def _receive(self, waiting_for: str) -> dict[str, Any]:
        try:
            return dict(json.loads(self.connection.recv()))
        except websocket.WebSocketException as problem:
            raise BrowserProblem(f"no answer to {waiting_for}: {problem}") from problem

    @contextmanager
    def page(self) -> Iterator[Page]:
        """A tab of its own: nothing of an earlier page is left in it."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(browser=self, session=session)
        for domain in ("Page", "Network", "Runtime"):
            page.call(f"{domain}.enable")
        try:
            yield page
        finally:
            self.call("Target.closeTarget", targetId=target)
            self.events.clear()


@dataclass
class Page:
    """One tab."""

    browser: Browser
    session: str

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.call(method, session=self.session, **parameters)

    def open(self, path: Path) -> None:
        """Open a file and wait until all of it is there."""
        opened = self.call("Page.navigate", url=path.resolve().as_uri())
        if "errorText" in opened:
            raise BrowserProblem(f"{path.name}: {opened['errorText']}")
        self.browser.wait_for("Page.loadEventFired", session=self.session)

    def run(self, script: str) -> Any:
        """Return what a script gives; a promise is waited for."""
        asked = dict(expression=script, awaitPromise=True, returnByValue=True)
        done = self.call("Runtime.evaluate", **asked)
        if "exceptionDetails" in done:
            raise BrowserProblem(str(done["exceptionDetails"].get("exception", {}).get("description")))
        return done["result"].get("value")

    def requests(self) -> list[str]:
        """Addresses asked for so far, the page itself first; what lies in the page is not asked for."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        sent = [e["params"] for e in self.browser.events if e["method"] == "Network.requestWillBeSent"]
        urls = [params["request"]["url"] for params in sent]
        return [url for url in urls if not url.startswith(("data:", "about:"))]

    def screen(self, width: int, height: int = 900, *, scale: float = 1) -> None:
        """Set the size of the window, in CSS pixels, and how many real ones each has."""
        size = dict(width=width, height=height, deviceScaleFactor=scale, mobile=False)
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def media(self, kind: str = "screen", *, scheme: str = "light") -> None:
        """Show the page as on a screen or on paper, for those who like it light or dark."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=kind, features=features)

    def press(self, key: str) -> None:
        """Press one key and let it go."""
        text = {"text": "\r"} if key == "Enter" else {}
        stroke = dict(key=key, code=key, windowsVirtualKeyCode=KEYS[key])
        self.call("Input.dispatchKeyEvent", type="keyDown", **stroke, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **stroke)

    def picture(self, *, clip: Mapping[str, float] | None = None) -> bytes:
        """Return a PNG of the window, or of a part of the page."""
        part: dict[str, Any] = {}
        if clip:
            part = dict(clip=dict(clip) | {"scale": 1}, captureBeyondViewport=True)
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", **part)["data"])

    def pdf(self) -> bytes:
        """Return what "print to PDF" gives, on the paper that the page itself asks for."""
        asked = dict(preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(self.call("Page.printToPDF", **asked)["data"])


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with an empty profile; stop it and remove the profile, whatever happens."""
    with TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [str(find_chromium()), *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process = subprocess.Popen(command, **quiet)
        try:
            address = _address(Path(profile), process)
            with closing(websocket.create_connection(address, timeout=PATIENCE)) as connection:
                browser = Browser(connection=connection)
                yield browser
                browser.call("Browser.close")
                process.wait(PATIENCE)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Where it listens, as it writes into its profile once it does."""
    written = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        lines = written.read_text(encoding="utf-8").splitlines() if written.is_file() else []
        if len(lines) > 1:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.02)
    raise BrowserProblem(f"Chromium did not start (exit code {process.poll()})")
