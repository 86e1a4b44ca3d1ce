"""Addresses of the demo site's pages, found as a visitor finds them: by following links."""

import re

from scripts.bench.server import Server


def found(site: Server) -> dict[str, str]:
    news, products = (site.get(path).body.decode() for path in ("/news/", "/products/"))
    return {
        "home": "/",
        "news": "/news/",
        "article": _link(news, r"/news/[^/\"]+/(?!feed)[^/\"]+/"),
        "products": "/products/",
        "product": _link(products, r"/products/[^/\"]+/[^/\"]+/"),
        "contact": "/contact/",
    }


def _link(page: str, pattern: str) -> str:
    places = [
        path for path in re.findall(rf'href="({pattern})"', page) if "/tags/" not in path and "/archive/" not in path
    ]
    if not places:
        raise SystemExit(f"No link like {pattern}: is there demo content?")
    return str(places[0])
