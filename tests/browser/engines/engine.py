"""One window of Chromium, Firefox or WebKit at a phone's size: addresses, scripts, a finger and keys.

Firefox is spoken to by WebDriver BiDi, which it serves itself (Debian has no geckodriver); WebKitGTK by its driver,
on a screen of Xvfb; Chromium by Playwright, as in all other tests. A page in it is used by `Phone` of phone.py.
"""

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Error, sync_playwright
from selenium import webdriver
from selenium.common import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.remote.websocket_connection import WebSocketConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.patience import wait_until

WIDTH, HEIGHT = 390, 844
STEPS, STEP = 8, 16  # a finger's way over the glass: how many moves, milliseconds each
SECONDS = 60  # until an engine has answered
FIREFOX, WEBKIT_DRIVER, XVFB = Path("/usr/bin/firefox-esr"), Path("/usr/bin/WebKitWebDriver"), Path("/usr/bin/Xvfb")
MINI_BROWSER = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
NEEDS = {"chromium": [CHROMIUM], "firefox": [FIREFOX], "webkit": [WEBKIT_DRIVER, MINI_BROWSER, XVFB]}


class Engine(Protocol):
    """What a window of every engine can do. A script is the text of a function; its promise is waited for. `swipe` is a
    finger in Chromium; the other two scroll by no finger that a driver moves, but by a touch pad, to the left for 1.
    A WebKitGTK without a touch screen takes a tap for a mouse's."""

    def open(self, address: str) -> None: ...
    def script(self, function: str, *args: Any) -> Any: ...
    def tap(self, x: int, y: int) -> None: ...
    def swipe(self, way: int) -> None: ...
    def keys(self, text: str) -> None: ...
    def picture(self) -> bytes: ...
    def faults(self) -> list[str]: ...


class NotYet(Exception):
    """The page went away while the script ran, or is not there yet: whoever waits asks again."""


@contextmanager
def started(name: str, scratch: Path, *, dark: bool = False) -> Iterator[Engine]:
    """A window of that engine with nothing open; `scratch` is a folder of its own."""
    missing = [str(file) for file in NEEDS[name] if not file.exists()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} missing; `make night` installs it from Debian.")
    scratch.mkdir(parents=True, exist_ok=True)
    with {"chromium": chromium, "firefox": firefox, "webkit": webkit}[name](scratch, dark) as engine:
        yield engine


class Chromium:
    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.cdp = context.new_cdp_session(self.page)
        self.heard: list[str] = []
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))

    def open(self, address: str) -> None:
        self.page.goto(address)

    def script(self, function: str, *args: Any) -> Any:
        try:
            return self.page.evaluate(f"(args) => ({function})(...args)", list(args))
        except Error as gone:
            raise NotYet(gone.message) from gone

    def tap(self, x: int, y: int) -> None:
        self._touch((x, y))

    def swipe(self, way: int) -> None:
        middle, reach = WIDTH // 2, 150 * way
        self._touch(*((middle + reach * (STEPS - 2 * n) // STEPS, HEIGHT // 2) for n in range(STEPS + 1)))

    def _touch(self, *points: tuple[int, int]) -> None:
        for n, (x, y) in enumerate(points):
            self._send("touchMove" if n else "touchStart", [{"x": x, "y": y}])
            self.page.wait_for_timeout(STEP)
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def keys(self, text: str) -> None:
        for key in text:
            self.page.keyboard.press("Tab" if key == "\t" else "Enter" if key == "\n" else key)

    def picture(self) -> bytes:
        return self.page.screenshot()

    def faults(self) -> list[str]:
        return self.heard


@contextmanager
def chromium(_scratch: Path, dark: bool) -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield Chromium(
            browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT},
                has_touch=True,
                locale="id-ID",
                color_scheme="dark" if dark else "light",
            )
        )
        browser.close()


class ConsoleEntry:
    """What selenium's connection wants to know of an event: its name, and how it is read."""

    event_class = "log.entryAdded"

    @staticmethod
    def from_json(entry: dict[str, Any]) -> dict[str, Any]:
        return entry


class Firefox:
    def __init__(self, connection: WebSocketConnection) -> None:
        self.connection = connection
        self.heard: list[str] = []
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": WIDTH, "height": HEIGHT}
        self.ask("browsingContext.setViewport", context=self.context, viewport=size)
        self.ask("session.subscribe", events=["log.entryAdded"])
        connection.add_callback(ConsoleEntry, self._hear)

    def ask(self, method: str, **what: Any) -> Any:
        answer = self.connection.send_cmd(method, what)
        if "error" in answer:
            raise NotYet(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def _hear(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error" and entry["type"] == "javascript":
            self.heard.append(entry["text"])

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def script(self, function: str, *args: Any) -> Any:
        answer = self.ask(
            "script.callFunction",
            functionDeclaration=f"async (args) => JSON.stringify(await ({function})(...JSON.parse(args)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(args)}],
            awaitPromise=True,
            userActivation=True,
            target={"context": self.context},
        )
        if answer["type"] == "exception":
            raise NotYet(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def tap(self, x: int, y: int) -> None:
        acts = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}}, acts)

    def swipe(self, way: int) -> None:
        scroll = {"type": "scroll", "x": WIDTH // 2, "y": HEIGHT // 2, "deltaX": WIDTH * way, "deltaY": 0}
        self._act({"type": "wheel", "id": "pad"}, [scroll])

    def keys(self, text: str) -> None:
        pressed = [TYPED.get(key, key) for key in text]
        acts = [{"type": kind, "value": key} for key in pressed for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys"}, acts)

    def _act(self, source: dict[str, Any], acts: list[dict[str, Any]]) -> None:
        self.ask("input.performActions", context=self.context, actions=[{**source, "actions": acts}])

    def picture(self) -> bytes:
        return base64.b64decode(self.ask("browsingContext.captureScreenshot", context=self.context)["data"])

    def faults(self) -> list[str]:
        return self.heard


TYPED = {"\t": "\ue004", "\n": "\ue007"}  # as WebDriver writes Tab and Enter
PREFERENCES = """user_pref("layout.css.prefers-color-scheme.content-override", {scheme});
user_pref("dom.w3c_touch_events.enabled", 1);
user_pref("ui.primaryPointerCapabilities", 1);
user_pref("ui.useOverlayScrollbars", 1);
user_pref("intl.accept_languages", "id");
user_pref("app.normandy.enabled", false);
user_pref("services.settings.server", "data:,");
"""


@contextmanager
def firefox(scratch: Path, dark: bool) -> Iterator[Firefox]:
    (scratch / "user.js").write_text(PREFERENCES.format(scheme=0 if dark else 1))
    words = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(scratch), "--remote-debugging-port", "0"]
    log = scratch / "firefox.log"
    with log.open("w") as out, subprocess.Popen(words, stdout=out, stderr=out) as process:
        try:
            address = _spoken(log, process, r"ws://\S+")
            connection = WebSocketConnection(f"{address}/session", SECONDS, 0.01)
            yield Firefox(connection)
            connection.close()
        finally:
            process.terminate()


class WebKit:
    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self.driver = driver
        self.finger = PointerInput("touch", "finger")

    def open(self, address: str) -> None:
        self.driver.get(address)

    def script(self, function: str, *args: Any) -> Any:
        try:
            return self.driver.execute_script(f"return ({function})(...arguments)", *args)
        except WebDriverException as gone:
            raise NotYet(gone.msg) from gone

    def tap(self, x: int, y: int) -> None:
        acts = ActionBuilder(self.driver, mouse=self.finger, duration=0)
        acts.pointer_action.move_to_location(x, y)
        acts.pointer_action.pointer_down()
        acts.pointer_action.pointer_up()
        acts.perform()

    def swipe(self, way: int) -> None:
        middle = ScrollOrigin.from_viewport(WIDTH // 2, HEIGHT // 2)
        ActionChains(self.driver).scroll_from_origin(middle, WIDTH * way, 0).perform()

    def keys(self, text: str) -> None:
        ActionChains(self.driver).send_keys("".join(TYPED.get(key, key) for key in text)).perform()

    def picture(self) -> bytes:
        return self.driver.get_screenshot_as_png()

    def faults(self) -> list[str]:
        return self.script("() => JSON.parse(sessionStorage.getItem('faults') || '[]')")  # type: ignore[no-any-return]


LISTEN = """addEventListener("error", ({message, filename, lineno}) => {
  if (!message) { return; }
  const faults = JSON.parse(sessionStorage.getItem("faults") || "[]");
  sessionStorage.setItem("faults", JSON.stringify([...faults, `${message} ${filename}:${lineno}`]));
}, true);
"""
BARE = (
    "(size) => { open('about:blank', '', `popup,toolbar=0,${size}`); }"  # a window of MiniBrowser without its toolbar
)


@contextmanager
def webkit(scratch: Path, dark: bool) -> Iterator[WebKit]:
    """MiniBrowser's toolbar is wider than a phone: the page opens in a window without one."""
    listener = scratch / "listen.js"
    listener.write_text(LISTEN)
    options = Options()
    options.binary_location = str(MINI_BROWSER)
    for word in ("--automation", "--javascript-can-open-windows-automatically=true"):
        options.add_argument(word)
    options.add_argument(f"--user-script-at-start={listener}")
    if dark:
        options.add_argument("--dark-mode")
    with screen(scratch) as display:
        env = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11"}
        service = Service(str(WEBKIT_DRIVER), log_output=str(scratch / "webkit.log"), env=env)
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            before = set(driver.window_handles)
            WebKit(driver).script(BARE, f"width={WIDTH},height={HEIGHT}")
            [window] = set(driver.window_handles) - before
            driver.switch_to.window(window)
            yield WebKit(driver)
        finally:
            driver.quit()


@contextmanager
def screen(scratch: Path) -> Iterator[str]:
    """A display that nobody looks at."""
    log = scratch / "display"
    words = [str(XVFB), "-displayfd", "1", "-screen", "0", "1024x1024x24", "-nolisten", "tcp"]
    with log.open("w") as out, subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL) as process:
        try:
            yield f":{_spoken(log, process, r'[0-9]+')}"
        finally:
            process.terminate()


def _spoken(log: Path, process: subprocess.Popen[bytes], words: str) -> str:
    """What a program that has just been started writes about where it can be reached."""
    wait_until(lambda: re.search(rf"{words}\n", log.read_text()) or process.poll() is not None)
    if (line := re.search(words, log.read_text())) is None:
        raise RuntimeError(f"{process.args!r} did not begin:\n{log.read_text()}")
    return line[0]
