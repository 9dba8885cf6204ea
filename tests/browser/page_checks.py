"""What every page must be, asked of the page as the browser shows it."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

_CHECKS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@dataclass
class Watched:
    """A page with everything it complained about since the last look."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def take_complaints(self) -> list[str]:
        found, self.complaints = self.complaints, []
        return found


def watch(context: BrowserContext) -> Watched:
    """A page whose errors, refused resources and violations of the content security policy are kept."""
    watched = Watched(context.new_page())

    def on_console(message: ConsoleMessage) -> None:
        # Beside a file that is no page Chromium asks for an icon that nobody promised.
        if message.type in {"error", "warning"} and not message.location["url"].endswith("/favicon.ico"):
            watched.complaints.append(f"console: {message.text[:300]}")

    def on_response(response: Response) -> None:
        if response.status >= 400:
            watched.complaints.append(f"{response.status} {response.url}")

    watched.page.on("console", on_console)
    watched.page.on("response", on_response)
    watched.page.on("pageerror", lambda error: watched.complaints.append(f"script: {error}"))
    return watched


def problems_of(watched: Watched, language: str) -> list[str]:
    """What is wrong with the page as it stands, each as one line."""
    page = watched.page
    page.wait_for_load_state()  # a page may be read before its styles are there
    found = watched.take_complaints()
    found += page.evaluate(_CHECKS)
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} first headings")
    if page.locator("main").count() != 1 or not page.title():
        found.append("no main part or no title")
    if page.locator("html").get_attribute("lang") != language:
        found.append(f"not marked as {language}")
    return found


def links_of(page: Page) -> dict[str, str]:
    """The addresses on this site that the page links to, by their path; one for each path."""
    addresses: list[tuple[str, str]] = page.eval_on_selector_all(
        "a[href]",
        "links => links.filter(link => link.origin === location.origin)"
        ".map(link => [link.pathname, link.pathname + link.search])",
    )
    return dict(sorted(addresses))
