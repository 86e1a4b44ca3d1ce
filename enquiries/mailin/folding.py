"""What somebody wrote, apart from what they quote and the signature below. Nothing is taken away, only folded."""

import re
from dataclasses import dataclass

WORDS, QUOTE, SIGNATURE = "words", "quote", "signature"
# Longer lines are words, whatever they begin with.
_LONGEST_MARK = 400

_SEPARATOR = re.compile(
    r"[\s*>]*[-_—]{3,}\s*(original message|original appointment|forwarded message|forwarded by|原始邮件|原始郵件|"
    r"转发邮件|回复的原邮件|message d'origine|message d’origine|message original|message transféré|mensaje original|"
    r"mensaje reenviado|mensagem original|исходное сообщение|пересланное сообщение|ursprüngliche nachricht|"
    r"الرسالة الأصلية|messaggio originale)\b.{0,60}",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\s*>]*(from|发件人|寄件者|寄件人|de|von|от|da|من)\s*\*?\s*[:：]\s*\*?\s*\S", re.IGNORECASE)
_NEXT = re.compile(
    r"[\s*>]*(sent|date|to|subject|cc|发送时间|发送日期|日期|时间|收件人|主题|抄送|寄件日期|收件者|主旨|envoyé|à|objet|"
    r"enviado( el)?|para|asunto|assunto|fecha|gesendet|an|betreff|отправлено|дата|кому|тема|"
    r"التاريخ|تاريخ الإرسال|إلى|الموضوع)\s*\*?\s*[:：]",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(wrote|writes|写道|寫道|a écrit|escribió|escreveu|schrieb|ha scritto|пишет|написал|написала|написал\(а\)|"
    r"كتب|yazdı)\s?[^:：]{0,120}[:：]\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\s*(on|le|el|am|em|il|op|den|在|于|於|в|пн|вт|ср|чт|пт|сб|вс|في|بتاريخ|\d|[^\n]{0,80}<[^\s<>]+@)", re.IGNORECASE
)
_ATTRIBUTION = re.compile(r"[@\d]")
# Gmail in Russian leaves the word for "wrote" out.
_ADDRESS = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*[:：]\s*$")
_SIGNATURE = re.compile(r"-- ?$")
_SENT_FROM = re.compile(
    r"(sent from (my|yahoo|mail for|outlook|samsung|huawei)|get outlook for|发自我的|來自我的|来自我的|"
    r"從我的|从我的|envoyé de(puis)? (mon|ma)|enviado desde mi|enviado do meu|von meinem .{1,30} gesendet|"
    r"отправлено (с|из) |أُرسلت من|تم الإرسال من)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str

    @property
    def is_folded(self) -> bool:
        return self.kind != WORDS


def pieces(text: str) -> list[Piece]:
    """The text in order, cut where a quote or a signature begins and ends."""
    lines = text.split("\n")
    found: list[tuple[str, list[str]]] = []
    kind, at = WORDS, 0
    while at < len(lines):
        length = _quotation_begins(lines, at)
        if length and _is_marked(lines, at + length - 1):
            end = _end_of_marks(lines, at + length - 1)
            _add(found, QUOTE, lines[at:end])
            at, kind = end, WORDS
            continue
        if length:
            _add(found, QUOTE, lines[at:])
            break
        if kind != SIGNATURE and _signs(lines[at]):
            kind = SIGNATURE
        _add(found, kind, lines[at : at + 1])
        at += 1
    made = [Piece(kind, "\n".join(said).strip("\n")) for kind, said in found]
    made = [piece for piece in made if piece.text.strip()]
    # A mail that only passes something on: that is what it says.
    return made if any(piece.kind == WORDS for piece in made) else [Piece(WORDS, text)]


def own_words(text: str) -> str:
    """Only what the sender wrote anew."""
    return "\n\n".join(piece.text for piece in pieces(text) if piece.kind == WORDS).strip()


def _add(found: list[tuple[str, list[str]]], kind: str, lines: list[str]) -> None:
    if found and found[-1][0] == kind:
        found[-1][1].extend(lines)
    else:
        found.append((kind, list(lines)))


def _signs(line: str) -> bool:
    return bool(_SIGNATURE.match(line)) or (len(line) < 80 and bool(_SENT_FROM.match(line.strip())))


def _is_marked(lines: list[str], at: int) -> bool:
    return at < len(lines) and lines[at].lstrip().startswith(">")


def _end_of_marks(lines: list[str], at: int) -> int:
    """Behind the last line of a quote whose lines begin with ">"; blank lines within belong to it."""
    end = at
    while at < len(lines) and (_is_marked(lines, at) or not lines[at].strip()):
        at += 1
        if _is_marked(lines, at - 1):
            end = at
    return end


def _quotation_begins(lines: list[str], at: int) -> int:
    """How many lines introduce a quote here, the first marked line included; 0: none begins."""
    line = lines[at]
    if len(line) > _LONGEST_MARK or not line.strip():
        return 0
    if _is_marked(lines, at):
        return 1
    if _SEPARATOR.match(line):
        return 1
    if _FROM.match(line) and sum(bool(_NEXT.match(each[:60])) for each in lines[at + 1 : at + 7]) >= 2:
        return 1
    return _attribution(lines, at)


def _attribution(lines: list[str], at: int) -> int:
    """ "On Monday, Amina <amina@example.com> wrote:", on up to three lines."""
    said = ""
    for length in range(1, 4):
        if at + length > len(lines) or not lines[at + length - 1].strip():
            return 0
        said = f"{said} {lines[at + length - 1]}".strip()
        if len(said) > _LONGEST_MARK or (length > 1 and not _BEGINS.match(lines[at])):
            return 0
        following = at + length
        while following < len(lines) and not lines[following].strip() and following < at + length + 2:
            following += 1
        if _is_marked(lines, following) and _ADDRESS.search(said):
            return following - at + 1
        if _WROTE.search(said) and _ATTRIBUTION.search(said):
            return following - at + 1 if _is_marked(lines, following) else length
    return 0
