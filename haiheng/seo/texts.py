"""Descriptions where editors wrote none."""

LENGTH = 155


def shortened(text: str, length: int = LENGTH) -> str:
    """The beginning of a text on one line, cut between words (or, in Chinese, at a sign), with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    if " " in cut[length // 2 :]:
        cut = cut.rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,.;:，。；：、')}…"
