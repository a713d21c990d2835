"""Takes the README's picture from a running demo: `python -m tests.browser.picture http://localhost:8000 PASSWORD`.

The password is that of agent@demo.example, as `mainstay demo` prints it.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import CHROMIUM, CHROMIUM_ARGUMENTS

PICTURE = Path(__file__).parents[2] / "docs/images/queue.png"
QUEUE = "/incidents/?phase=open&phase=paused&sort=priority"


def take(address: str, password: str) -> None:
    """Sign in as the demo's agent and write what the queue looks like on a desk."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.goto("/accounts/sign-in/")
        page.fill("input[name=login]", "agent@demo.example")
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(QUEUE)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    take(*sys.argv[1:])
