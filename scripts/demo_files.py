"""Make the pictures and documents of the demo content from the drawings. Run by hand; the results are committed.

python scripts/demo_files.py [folder of the SVG files]
"""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import resvg_py
from fpdf import FPDF

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "haiheng" / "demo"
WHOLE, DETAIL = (1920, 1280), (1440, 960)
GROUNDS = {
    "plate": {"ground": "#e2e8e4"},
    "hull": {"ground": "#c62f14", "hull": "#10191b"},
    "ink": {
        "ground": "#10191b", "line": "#dfe7e4", "body": "#1b282c", "glass": "#05090a", "shine": "#ffffff14",
        "tyre": "#000000", "rim": "#8fa0a3", "frame": "#3d4c50", "lamp": "#dfe7e5",
    },
}  # fmt: skip
LIGHT = {
    "line": "#10191b", "body": "#ffffff", "glass": "#22343a", "shine": "#ffffff21", "hull": "#c62f14",
    "tyre": "#10191b", "rim": "#dfe5e2", "frame": "#b9c3bf", "lamp": "#f3f6f4", "amber": "#e9a13b", "floor": "#eef1ef",
}  # fmt: skip
Box = tuple[float, float, float, float]


def style(css: str, colours: dict[str, str]) -> str:
    """The stylesheet with resolved colours and strokes in centimetres: rasterisers know no custom properties."""
    css = re.sub(r"^\.drawing\{.*?\}$|^\.drawing path,.*?$", "", css, flags=re.MULTILINE)
    css = (
        css.replace("var(--lo,1.6px)", "2.6px")
        .replace("var(--lp,.7px)", "1.1px")
        .replace("stroke-width:1px", "stroke-width:1.6px")
    )
    return re.sub(r"var\(--d-(\w+)\)", lambda found: colours[found[1]], css)


def viewbox(svg: str) -> Box:
    left, top, width, height = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())  # type: ignore[index]
    return left, top, width, height


def framed(svg: str, css: str, box: Box, ground: str, size: tuple[int, int], *, line: bool) -> bytes:
    """A part of the drawing on its ground."""
    colours = LIGHT | GROUNDS[ground]
    left, top, width, height = box
    inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    floor = f'<rect x="{left}" y="0" width="{width}" height="3" fill="{colours["line"]}"/>' if line else ""
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" viewBox="{left} {top} {width} {height}">'
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{colours["ground"]}"/>'
        f"{floor}{inner}</svg>"
    )
    return bytes(
        resvg_py.svg_to_bytes(svg_string=whole, width=size[0], height=size[1], style_sheet=style(css, colours))
    )


def around(box: Box, margin: float) -> Box:
    """The 3:2 frame around a whole drawing."""
    left, top, width, height = box
    wide = max(width, height * 1.5) * (1 + 2 * margin)
    tall = wide / 1.5
    return left + width / 2 - wide / 2, top + height / 2 - tall / 2, wide, tall


def crop(name: str, size: dict[str, int]) -> Box:
    """A detail, in centimetres: as tight as the vehicle's size asks for, with the ground line in sight."""
    wide = size["H"] * (1.05 if "wheel" in name or "door" in name else 1.3)
    tall = wide / 1.5
    centres = {
        "front-wheel": size["fa"], "rear-wheel": size["ra"], "sliding-door": 303, "middle-door": 657,
        "front-end": size["L"] - wide * 0.38, "rear-end": wide * 0.38,
    }  # fmt: skip
    return centres[name] - wide / 2, tall * 0.12 - tall, wide, tall


def drawn(source: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name of each picture and what draws it: whole views on the plate, then the crops that articles ask for."""
    css = (source / "drawings.css").read_text()
    sizes = json.loads((source / "dimensions.json").read_text())
    for path in sorted(source.glob("h*-*.svg")):
        svg = path.read_text()
        whole = around(viewbox(svg), 0.06)
        yield f"{path.stem}.png", partial(framed, svg, css, whole, "plate", WHOLE, line="plan" not in path.stem)
    for path in sorted((DEMO / "content" / "articles").glob("*.toml")):
        cover = tomllib.loads(path.read_text()).get("cover")
        if cover is None or cover["crop"] == "whole":
            continue
        svg = (source / f"{cover['drawing']}-side.svg").read_text()
        detail = crop(cover["crop"], sizes[cover["drawing"]])
        name = f"{cover['drawing']}-{cover['crop']}.png"
        yield name, partial(framed, svg, css, detail, cover["ground"], DETAIL, line=True)


def pictures(source: Path) -> None:
    for name, draw in drawn(source):
        (DEMO / "pictures" / name).write_bytes(draw())


def value(row: dict[str, Any], given: object, remarks: dict[str, str]) -> str:
    """A value in words, as the page shows it."""
    remark = ""
    if isinstance(given, dict):
        remark, given = f", {remarks[given['remark']]}", given["choices"]
    if isinstance(given, list):
        known = {choice["key"]: choice["en"] for choice in row["choices"]}
        return " / ".join(known[key] for key in given) + remark
    if isinstance(given, bool):
        return "Yes" if given else "No"
    return f"{given} {row.get('unit', '')}".strip() + remark


def sheet(product: dict[str, Any], vocabulary: dict[str, Any], company: dict[str, Any]) -> None:
    """One A4 page: drawing, specification, who to write to."""
    remarks = {remark["key"]: remark["en"] for remark in vocabulary["remarks"]}
    pdf = FPDF(format="A4")
    pdf.set_title(f"Specification sheet {product['code']}")
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 30)
    pdf.cell(95, 14, product["code"])
    pdf.set_font("Helvetica", "B", 13)
    pdf.cell(0, 14, product["en"]["headline"].replace("×", "x"), align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.image(DEMO / "pictures" / f"{product['drawing']}-side.png", x=55, y=25, w=100)
    pdf.set_y(94)
    for group in vocabulary["groups"]:
        rows = [row for row in group["specifications"] if row["key"] in product["specifications"]]
        if not rows:
            continue
        pdf.set_draw_color("#10191b")
        pdf.line(10, pdf.get_y(), 200, pdf.get_y())
        pdf.set_font("Helvetica", "B", 9)
        pdf.cell(45, 4.6, group["en"])
        for row in rows:
            pdf.set_x(55)
            pdf.set_font("Helvetica", "", 8.5)
            pdf.cell(60, 4.6, row["en"])
            pdf.set_font("Helvetica", "B", 8.5)
            pdf.cell(0, 4.6, value(row, product["specifications"][row["key"]], remarks), new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1.5)
    pdf.set_fill_color("#c62f14")
    pdf.rect(0, 279, 210, 18, style="F")
    pdf.set_xy(10, 281)
    pdf.set_text_color("#ffffff")
    pdf.set_font("Helvetica", "B", 9)
    pdf.cell(
        0, 5, f"{company['legal_name']}   {company['email']}   {company['whatsapp']}", new_x="LMARGIN", new_y="NEXT"
    )
    pdf.set_font("Helvetica", "", 9)
    pdf.cell(0, 5, "Demonstration values. The written quotation is binding.")
    pdf.output(str(DEMO / "documents" / f"{product['code'].lower()}-specification-en.pdf"))


def elevation(product: dict[str, Any]) -> None:
    """The drawing alone, across a page."""
    pdf = FPDF(format="A4", orientation="L")
    pdf.set_title(f"Side elevation {product['code']}")
    pdf.add_page()
    pdf.image(DEMO / "pictures" / f"{product['drawing']}-side.png", x=23, y=12, w=251)
    pdf.set_y(182)
    pdf.set_font("Helvetica", "B", 14)
    length = product["specifications"]["length"] / 1000
    pdf.cell(0, 8, f"{product['code']}, side elevation. Overall length {length:.2f} m.")
    pdf.output(str(DEMO / "documents" / f"{product['code'].lower()}-side-elevation.pdf"))


def documents() -> None:
    content = {
        name: tomllib.loads((DEMO / "content" / f"{name}.toml").read_text())
        for name in ("products", "vocabulary", "company")
    }
    for product in content["products"]["products"]:
        if "drawing" in product:
            sheet(product, content["vocabulary"], content["company"])
            elevation(product)


if __name__ == "__main__":
    pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "haiheng" / "drawings" / "svg")
    documents()
