"""The web site on a phone: 390 pixels, a processor four times as slow, a slow network."""

import functools
import gzip
import http.server
import threading
import time
from pathlib import Path

from waits import ROOT, MissingError, table

SITE = ROOT / "build" / "site"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
SLOWER = 4  # times, than this processor
# name: latency in ms, down and up in kbit/s, as the developer tools of Chromium have them
NETWORKS = {"slow 4G": (562.5, 1440, 675), "3G": (2000, 400, 400)}
PAGES = ("index.html", "notebooks/00_start_here.html")
KINDS = (".html", ".css", ".js", ".svg")  # what a server of pages sends compressed
WATCH = """
window.seen = {};
const note = name => { window.seen[name] ??= performance.now(); };
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.seen.largest = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new MutationObserver(() => {
  if (document.querySelector(".prediction")) note("question");
  if (document.querySelector(".prediction form")) note("askable");
}).observe(document, {childList: true, subtree: true});
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
MOMENTS = (1, 2, 3, 4, 6, 8, 12, 16)  # seconds after the first request, for pictures


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Sends files as a server of pages does: compressed, over lines that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in KINDS or not path.is_file():
            return super().do_GET()
        data = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        return None

    def log_message(self, *words) -> None:
        """Say nothing."""


class Visit:
    """A page on a phone, from the first request on."""

    def __init__(self, browser, network: str) -> None:
        self.context = browser.new_context(**PHONE)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.add_init_script(WATCH)
        self.bytes, self.requests = 0, 0
        line = self.context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.on("Network.loadingFinished", self._count)
        latency, down, up = NETWORKS[network]
        conditions = {
            "offline": False, "latency": latency,
            "downloadThroughput": down * 125, "uploadThroughput": up * 125,
        }  # fmt: skip
        line.send("Network.emulateNetworkConditions", conditions)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def _count(self, event: dict) -> None:
        self.bytes += event["encodedDataLength"]
        self.requests += 1

    def answered(self, address: str) -> list[str]:
        """Answer the page's first question as soon as it can be answered; return what it took."""
        self.page.goto(address, wait_until="commit")
        form = self.page.locator(".prediction form").first
        form.wait_for(state="attached")
        form.scroll_into_view_if_needed()
        form.locator("label.option").first.tap()
        form.get_by_role("button", name="This is my prediction").tap()
        self.page.locator(".prediction .reply .head").first.wait_for()
        done = self.page.evaluate("performance.now()")
        at = self.page.evaluate(f"({{...window.seen, painted: {PAINTED}}})")
        spent, asked = self.bytes, self.requests
        self.page.wait_for_load_state("networkidle")
        moments = [at["painted"], at["largest"], at["question"], at["askable"], done]
        shown = [f"{moment / 1000:.1f}" for moment in moments]
        return [*shown, f"{spent / 1000:.0f} ({asked})", f"{self.bytes / 1000:.0f}"]

    def pictured(self, address: str, pictures: Path, name: str) -> None:
        """Leave a picture of the page as it is at each moment, and of its first answer."""
        self.page.goto(address, wait_until="commit")
        begun = time.perf_counter()
        for moment in MOMENTS:
            self.page.wait_for_timeout(max(0, 1000 * (moment - time.perf_counter() + begun)))
            self.page.screenshot(path=pictures / f"{name}-{moment:02}s.png", scale="css")


def measure(browser, folder: Path, pictures: Path) -> str:
    """Return the table of the first question on a phone."""
    if not (SITE / "index.html").is_file():
        raise MissingError("There is no site (make site)")
    handler = functools.partial(Compressed, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = []
    for network in NETWORKS:
        for path in PAGES:
            address = f"http://127.0.0.1:{server.server_port}/{path}"
            name = f"phone-{network.replace(' ', '')}-{Path(path).stem}"
            visit = Visit(browser, network)
            rows.append((network, path, *visit.answered(address)))
            visit.page.screenshot(path=pictures / f"{name}-answered.png", scale="css")
            visit.context.close()
            visit = Visit(browser, network)
            visit.pictured(address, pictures, name)
            visit.context.close()
    server.shutdown()
    server.server_close()
    return table(
        f"**The site on a phone** (390 px, a processor {SLOWER} times as slow, an empty cache): "
        "seconds after the first request.",
        ("network", "page", "first words", "largest part", "the question is there",
         "it can be answered", "**it is answered**", "kB until then (requests)", "kB in all"),
        rows,
    )  # fmt: skip
