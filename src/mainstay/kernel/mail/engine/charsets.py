"""From bytes to text, whatever the mail says of them: named, unnamed and wrongly named character sets. Pure.

Names are read as browsers read them (WHATWG Encoding Standard, section 4.2): the larger sets that programs really write
stand for the smaller ones they name.
"""

import codecs
import re
from typing import NamedTuple

#: What is named, and what is written under that name.
ALIASES = {
    **dict.fromkeys(
        ("us-ascii", "ascii", "ansi_x3.4-1968", "646", "iso-8859-1", "latin1", "latin-1", "x-ansi"), "cp1252"
    ),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "936", "gb18030-2000", "euc-cn"), "gb18030"),
    **dict.fromkeys(("big5", "big-5", "cp950", "x-x-big5", "big5-eten", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ks_c_5601", "ksc5601", "x-windows-949", "korean"), "cp949"),
    **dict.fromkeys(("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "csiso2022jp", "cp50220"), "iso2022_jp_ext"),
    **dict.fromkeys(("unicode-1-1-utf-8", "utf8mb4", "unicode", "utf-8n", "x-utf8"), "utf-8"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "logical"), "iso-8859-8"),
    **dict.fromkeys(("unicode-1-1-utf-7", "x-utf-7"), "utf-7"),
    "x-euc-jp": "euc_jp",
    "tis-620": "cp874",
    "iso-8859-9": "cp1254",
    "x-mac-roman": "mac_roman",
}
#: Not character sets of mails; `idna` and `punycode` take quadratic time.
REFUSED = {
    "idna",
    "punycode",
    "undefined",
    "unicode-escape",
    "raw-unicode-escape",
    "unicode_escape",
    "raw_unicode_escape",
}
#: What is tried when nothing fitting is named, in the order in which ties are decided.
CANDIDATES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1252")
SINGLE_BYTE_LATIN = {"cp1252"}
MULTI_BYTE = {"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"}
#: Sets that say more than ASCII in seven bits, or say ASCII otherwise.
SEVEN_BIT = ("utf-7", "utf-16", "utf-32", "iso2022", "hz", "cp037", "cp500", "cp1140")
ESCAPES = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([BIJ]|\$\)C)")
HIGH = re.compile(rb"[\x80-\xff]")
#: How much of a text is weighed, in bytes that are not ASCII.
SAMPLE = 4000
CONVINCING = 0.5

SIMPLIFIED = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民"
    "第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西月话"
    "合回特代内信表化老给世位次度门任常先海通教东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何"
    "电数安少报才结反受目太量再感建务做接必场件计管期市直资命山金指许统区保至队形社便空决治展马科司五基眼书非则听白却"
    "界达光放强即像难且权思王完设式色路记南品住告类求据程北边张该交规万取望觉术领共确传师观清今切院让识候带导运请谢您"
)
TRADITIONAL = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種"
    "事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民"
    "第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西月話"
    "合回特代內信表化老給世位次度門任常先海通教東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何"
    "電數安少報才結反受目太量再感建務做接必場件計管期市直資命山金指許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻"
    "界達光放強即像難且權思王完設式色路記南品住告類求據程北邊張該交規萬取望覺術領共確傳師觀清今切院讓識候帶導運請謝您"
)
HANGUL = frozenset(
    "이다는에을의가를고하은지로기한사도리서자시어대인그해나아과스일정있보수라여조부제상만으전주장게들면니없것구오비했할"
    "공원마관우안적동소경문성용국신바까와회세야요교실분모내진계물드선발연및러화무위단치방개습합안녕감드세요것입메일"
)
CYRILLIC = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")


class Decoded(NamedTuple):
    """A text, the character set it was read with, and the slug of the problem met or ""."""

    text: str
    charset: str
    problem: str = ""


def codec(name: str) -> str:
    """Return Python's name of a character set as mails name it, or "" for what is none."""
    wanted = name.strip().strip("\"'").lower()
    wanted = ALIASES.get(wanted.replace("_", "-"), ALIASES.get(wanted, wanted))
    try:
        found = codecs.lookup(wanted)
    except (LookupError, ValueError, UnicodeError):
        return ""
    if found.name in REFUSED or not found._is_text_encoding:
        return ""
    return ALIASES.get(found.name, found.name)


def decode(data: bytes, declared: str = "") -> Decoded:
    """Return `data` as text. `declared` is what the mail says ("" when it says nothing). Never raises.

    A named set is believed when the bytes fit it, but for Latin-1 and ASCII, which any bytes fit: what is UTF-8, or
    looks like Chinese, Japanese or Korean, is read as such.
    """
    named = codec(declared) if declared else ""
    if not HIGH.search(data) and not named.startswith(SEVEN_BIT):
        kind = _escaped(data)
        if not kind:
            return Decoded(data.decode("ascii"), named or "ascii")
        if (text := _strict(data, kind)) is not None:
            return Decoded(text, kind, "charset_wrong" if named else "charset_guessed")
    if named and named not in SINGLE_BYTE_LATIN and (text := _strict(data, named)) is not None:
        return Decoded(text.removeprefix("\ufeff"), named)
    if (text := _strict(data, "utf-8-sig")) is not None:
        return _doubled(text, named) or Decoded(text, "utf-8", "charset_wrong" if named else "charset_guessed")
    return _undeclared(data, named)


def _escaped(data: bytes) -> str:
    """Return the set of seven bits that the escape sequences in the text belong to (RFC 1468, RFC 1557), or ""."""
    if not ESCAPES.search(data):
        return ""
    return "iso2022_kr" if b"\x1b$)C" in data else "iso2022_jp_ext"


def _doubled(text: str, named: str) -> Decoded | None:
    """Return text that was once taken for Latin-1 and then written as UTF-8, as it was before; None when it was not.

    The sign of it: of the characters that are not ASCII many are controls and symbols, which hardly occur in words.
    """
    foreign = [sign for sign in text[:SAMPLE] if sign > "\x7f"]
    if not foreign or max(foreign) > "\xff" or sum(sign < "\xc0" for sign in foreign) < len(foreign) * 0.3:
        return None
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    found, score = recognise(data)
    found = named if named in MULTI_BYTE else found
    if score < CONVINCING or found not in MULTI_BYTE or (before := _strict(data, found)) is None:
        return None
    return Decoded(before, found, "charset_wrong")


def _undeclared(data: bytes, named: str) -> Decoded:
    """Return text in the set that fits best, when what is named does not fit or says nothing."""
    found, score = recognise(data)
    if named and named not in SINGLE_BYTE_LATIN and _damage(data, named) <= 0.05:
        return Decoded(data.decode(named, "replace"), named, "characters_lost")
    if score < CONVINCING:
        found = named or "cp1252"
    if found in SINGLE_BYTE_LATIN:
        # What the set leaves open is read as the control characters of Latin-1, as browsers do.
        latin = "".join(_CP1252.get(sign, chr(sign)) for sign in data)
        return Decoded(latin, "cp1252", "" if named == found else "charset_wrong" if named else "charset_guessed")
    if (text := _strict(data, found)) is None:
        return Decoded(data.decode(found, "replace"), found, "characters_lost")
    return Decoded(text, found, "charset_wrong" if named else "charset_guessed")


def recognise(data: bytes) -> tuple[str, float]:
    """Return the character set that the bytes most look like, and how much (0 to 1)."""
    first = HIGH.search(data)
    sample = data[max(0, first.start() - 1) if first else 0 :][: 4 * SAMPLE]
    scores = [(_likelihood(sample, candidate), candidate) for candidate in CANDIDATES]
    score, found = max(scores, key=lambda pair: pair[0])
    return found, score


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (ValueError, LookupError):
        return None


def _damage(data: bytes, name: str) -> float:
    """Return how many of the characters that are not ASCII cannot be read, as a share."""
    text = data.decode(name, "replace")
    foreign = sum(sign > "\x7f" for sign in text)
    return text.count("\ufffd") / foreign if foreign else 0.0


def _likelihood(sample: bytes, name: str) -> float:
    """Return how usual the characters are that the bytes become, as a mean over those that are not ASCII."""
    text = sample.decode(name, "replace")
    total, count = 0.0, 0
    for before, sign, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if sign > "\x7f":
            count += 1
            total += _usual(sign, name, _is_word(before) or _is_word(after))
    return total / count if count else 0.0


def _is_word(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _usual(sign: str, name: str, beside_ascii: bool) -> float:
    """Return between -1 and 1 how usual a character is in texts of that set."""
    if sign == "\ufffd":
        return -1.0
    if name == "cp1252":
        return 0.7 if sign in "äöüßÄÖÜéèêàâçñóíáúãõôîïëûùåøæœ‘’“”–—…€£§©®™°« »" else 0.3 if beside_ascii else 0.0
    if beside_ascii and sign.isalpha():
        return 0.1
    if name in ("cp1251", "koi8_r"):
        return 0.9 if sign in CYRILLIC else 0.45 if "А" <= sign <= "Я" else 0.0
    if name == "cp949":
        return 1.0 if sign in HANGUL else 0.3 if "가" <= sign <= "힣" else 0.1
    if name in ("cp932", "euc_jp"):
        return _usual_in_japanese(sign)
    if sign in (SIMPLIFIED if name == "gb18030" else TRADITIONAL):
        return 1.0
    return 0.35 if "一" <= sign <= "龥" else 0.5 if sign in "，。！？、：；（）《》“”" else -0.2


def _usual_in_japanese(sign: str) -> float:
    if "ぁ" <= sign <= "ん" or "ァ" <= sign <= "ー":
        return 1.0
    if "\uff61" <= sign <= "\uff9f":  # half-width katakana: what other sets become when read as Shift_JIS
        return -0.3
    return 0.4 if "一" <= sign <= "龥" else 0.5 if sign in "、。！？「」・：（）" else 0.0


_CP1252 = {
    number: bytes([number]).decode("cp1252") for number in range(256) if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
