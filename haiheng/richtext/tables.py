"""Tables whose rows and columns add up, as validators and screen readers want them."""

from dataclasses import dataclass

_WIDEST = 60


@dataclass
class Cell:
    html: str
    header: bool = False
    across: int = 1
    down: int = 1


Rows = list[list[Cell]]
Grid = list[list[Cell | None]]


def written(rows: Rows, caption: str) -> str:
    """HTML of the table, or "" if there is nothing in it."""
    rows = [row for row in rows if row]
    if not any(cell.html for row in rows for cell in row):
        return ""
    rows = _squared(rows)
    head = 0
    while head < len(rows) - 1 and _may_be_head(rows, head):
        head += 1
    parts = ["<table>"]
    if caption:
        parts.append(f"<caption>{caption}</caption>")
    if head:
        parts += ["<thead>", *map(_row, rows[:head]), "</thead>"]
    return "".join([*parts, "<tbody>", *map(_row, rows[head:]), "</tbody></table>"])


def _may_be_head(rows: Rows, at: int) -> bool:
    return at == 0 and all(cell.header and cell.down == 1 for cell in rows[at])


def _row(cells: list[Cell]) -> str:
    return "<tr>" + "".join(map(_cell, cells)) + "</tr>"


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    # The parser sorts attributes by name; so do we, for one way of writing.
    across = f' colspan="{cell.across}"' if cell.across > 1 else ""
    down = f' rowspan="{cell.down}"' if cell.down > 1 else ""
    return f"<{tag}{across}{down}>{cell.html}</{tag}>"


def _squared(rows: Rows) -> Rows:
    """The same cells on a full rectangle in which a cell begins in every row and every column."""
    grid = _placed(rows)
    grid = [row for at, row in enumerate(grid) if _begins(grid, at)]
    columns = [list(column) for column in zip(*grid, strict=True)]
    columns = [column for at, column in enumerate(columns) if _begins(columns, at)]
    grid = [list(row) for row in zip(*columns, strict=True)]
    return _read_off(grid)


def _placed(rows: Rows) -> Grid:
    """Each place of the rectangle with the cell that covers it; overlaps are cut, gaps filled with empty cells."""
    grid: dict[tuple[int, int], Cell] = {}
    width = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in grid:
                x += 1
            if x >= _WIDEST:
                # Too wide to be a table: the words go on in the last cell.
                grid[y, max(column for line, column in grid if line == y)].html += f" {cell.html}"
                continue
            across = next(
                (step for step in range(1, cell.across) if (y, x + step) in grid or x + step >= _WIDEST), cell.across
            )
            down = min(cell.down, len(rows) - y)
            covers = Cell(cell.html, cell.header)
            width = max(width, x + 1)
            for below in range(down):
                if below and any((y + below, x + step) in grid for step in range(across)):
                    break
                for step in range(across):
                    grid[y + below, x + step] = covers
            x += across
    # As wide as the last cell begins: columns that only spans reach do not exist.
    return [[grid.get((y, x)) or Cell("") for x in range(width)] for y in range(len(rows))]


def _begins(lines: Grid, at: int) -> bool:
    return at == 0 or any(cell is not above for cell, above in zip(lines[at], lines[at - 1], strict=True))


def _read_off(grid: Grid) -> Rows:
    rows: Rows = []
    seen: set[int] = set()
    for y, line in enumerate(grid):
        rows.append([])
        for x, cell in enumerate(line):
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            cell.across = sum(1 for each in line[x:] if each is cell)
            cell.down = sum(1 for row in grid[y:] if row[x] is cell)
            rows[-1].append(cell)
    return rows
