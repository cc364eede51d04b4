"""What the TOML parser says, as the author of the file would say it.

In: a source, the parser's own words, and the character it stopped at. Out: one diagnostic with what to type.
Full-width signs from a Chinese keyboard, texts that never close and keys written twice are told in words of their own.
"""

from __future__ import annotations

import re
from unicodedata import normalize

import tomli

from perfscore.diagnostic import Code, Diagnostic, Edit, Fix
from perfscore.source import TEXT, Source
from perfscore.words import Words

NOT_TOML = Code("PS101", "not-toml", Words(zh="文件不是有效的 TOML。", en="The file is not valid TOML."))
FULL_WIDTH_SIGN = Code(
    "PS102",
    "full-width-sign",
    Words(
        zh="用中文输入法打出的全角符号（“ ” ＝ ，）出现在 TOML 需要半角符号的地方。",
        en="A full-width sign from a Chinese keyboard stands where TOML needs its plain one.",
    ),
)
WRITTEN_TWICE = Code(
    "PS103", "written-twice", Words(zh="同一个键或表写了两次。", en="The same key or table is written twice.")
)

TOKEN = re.compile(
    rf"""{TEXT}|\#[^\n]*|(?P<open>"{{3}}|'{{3}}|["'])"""
    r"""|(?P<deeper>[\[{])|(?P<back>[\]}])|(?P<dot>\.)|(?P<next>[\n,])"""
)

_QUOTES = {'"': '"“”＂「」『』', "'": "'‘’＇"}
_PLAIN = {full: plain for plain, signs in _QUOTES.items() for full in signs} | {
    "、": ",",
    "：": "=",
    "【": "[",
    "】": "]",
    "。": ".",
}
_SIGN = re.compile(
    r"""(?P<kept>"[^"\n]*"|'[^'\n]*'|\#.*)|(?P<quote>["“”＂「『])(?P<text>[^"“”＂「」『』\n]*)["“”＂」』]"""
    r"""|(?P<single>['‘’＇])(?P<words>[^'‘’＇\n]*)['‘’＇]|(?P<sign>.)"""
)
_UNCLOSED = re.compile(r"Illegal character '\\n'|Found invalid character '\\n'|Unterminated string|Expected [\"']'")
_TWICE = re.compile(r"Cannot (?:overwrite|declare|redefine|mutate)|Duplicate")

_IN_TEXT = Words(
    zh=r"写 \\ 表示一个反斜杠，或改用单引号 '…'",
    en=r"write \\ for one backslash, or use single quotes '…'",
)
_SAYINGS: tuple[tuple[str, Words, Words | None], ...] = (
    ("Invalid initial", Words(zh="此处应有一个键名", en="a key was expected here"), None),
    ("Invalid statement", Words(zh="此处应有一个键名或 [表头]", en="a key or a [header] was expected here"), None),
    ("Expected '='", Words(zh="键后缺少 =", en="the key has no = after it"), None),
    ("Invalid value", Words(zh="此处不是 TOML 的值", en="this is no value of TOML"), None),
    ("Expected newline", Words(zh="值写完后，行内还有多余内容", en="the line goes on after its value"), None),
    (
        "Unclosed array",
        Words(zh="数组在此处缺少 , 或 ]", en="the array has no , or ] here"),
        Words(zh="值与值之间写 , ，最后写 ]", en="write , between values and ] at the end"),
    ),
    (
        "Unclosed inline",
        Words(zh="内联表在此处缺少 , 或 }", en="the inline table has no , or } here"),
        Words(zh="键值之间写 , ，最后写 }", en="write , between its keys and } at the end"),
    ),
    ("Expected ']]'", Words(zh="表头缺少 ]]", en="the header has no ]]"), Words(zh="写 ]]", en="write ]]")),
    ("Expected ']'", Words(zh="表头缺少 ]", en="the header has no ]"), Words(zh="写 ]", en="write ]")),
    ("Unescaped", Words(zh="文字里单独的 \\ 没有意义", en="a \\ in a text means nothing alone"), _IN_TEXT),
    (
        "Invalid hex",
        Words(zh="\\x、\\u、\\U 后的十六进制位数不对", en="too few hexadecimal digits follow \\x, \\u or \\U"),
        _IN_TEXT,
    ),
    ("Escaped character", Words(zh="此转义不是一个字符", en="this escape is no character"), _IN_TEXT),
    (
        "Invalid date",
        Words(zh="没有这个日期或时间", en="there is no such date or time"),
        Words(zh="日期写作 2023-12-31", en="write a date as 2023-12-31"),
    ),
    (
        "Illegal character",
        Words(zh="文字里有控制字符", en="there is a control character in the text"),
        Words(zh="删去这个字符", en="take the character out"),
    ),
    (
        "Found invalid",
        Words(zh="此处有控制字符", en="there is a control character here"),
        Words(zh="删去这个字符", en="take the character out"),
    ),
)


def plainly(source: Source, said: str, at: int) -> Diagnostic:
    """What tomli said about the character `at`, as the author of the file would say it."""
    if _TWICE.match(said):
        return _written_twice(source, at)
    number, column = source.position(at)
    line = source.line(number)
    opened = next((one for one in TOKEN.finditer(source.text) if one["open"]), None)
    if not _UNCLOSED.match(said) or opened is None or opened.start() > at:
        opened, wrong = None, source.text[at : at + 1]
    else:
        number, column = source.position(opened.start())
        line = source.line(number)
        wrong = next((one for one in line[column:] if one != _plain(one) == opened["open"]), "")
        wrong = "" if wrong in set("“‘「『") else wrong  # opened inside the text: a quotation, no slip
    # Only a sign that tomli stumbled over, or one that should have closed a text, is the full-width one to name.
    if wrong and _plain(wrong) != wrong and (typed := _half_width(line)) != line:
        place = source.offset(number, line.index(wrong, column - 1) + 1)
        return Diagnostic(
            FULL_WIDTH_SIGN,
            at=(),
            message=Words(
                zh="{wrong} 是全角符号，TOML 此处要半角的 {right}",
                en="{wrong} is a full-width sign; TOML needs {right} here",
            ).fill(wrong=wrong, right=_plain(wrong).strip() or Words(zh="空格", en="a blank")),
            hint=Words(zh="写 {line}", en="write {line}").fill(line=_brief(typed)),
            within=(place, place + 1),
            fix=_instead((start := source.offset(number, 1), start + len(line)), typed),
        )
    if opened:
        return Diagnostic(
            NOT_TOML,
            at=(),
            message=Words(zh="这段文字没有结束的引号", en="this text is never closed"),
            hint=Words(zh="在文字末尾写 {quotes}", en="write {quotes} where the text ends").fill(quotes=opened["open"]),
            within=(opened.start(), source.offset(number, len(line) + 1)),
        )
    told = _other(source, said, line, column, at)
    inside = "{" in line[: column - 1]
    return told if told.hint and not inside else _bare_key(source, line, column, at) or told


_WORD = re.compile(r"[\w-]+")


def _bare_key(source: Source, line: str, column: int, at: int) -> Diagnostic | None:
    """A key in Chinese without quotation marks: the first slip of an author who writes Chinese ids."""
    word = next((one for one in _WORD.finditer(line) if one.start() < column <= one.end()), None)
    if word is None or word[0].isascii() or ("=" in line[: word.start()] and "{" not in line[: word.start()]):
        return None
    start = at - (column - 1 - word.start())
    return Diagnostic(
        NOT_TOML,
        at=(),
        message=Words(zh="中文的键要加引号", en="a key in Chinese needs quotation marks"),
        hint=Words(zh='写 "{w}"', en='write "{w}"').fill(w=word[0]),
        within=(start, start + len(word[0])),
        fix=_instead((start, start + len(word[0])), f'"{word[0]}"'),
    )


def _instead(within: tuple[int, int], text: str) -> Fix:
    """The text that TOML would have in a place: it could not be read, and there is one way to mean it."""
    return Fix(
        Words(zh="写 {text}", en="write {text}").fill(text=_brief(text)), (Edit((), text, within=within),), safe=True
    )


def _other(source: Source, said: str, line: str, column: int, at: int) -> Diagnostic:
    quoted = Words(zh="TOML 解析器说：{said}", en="the TOML parser says: {said}").fill(said=said)
    known = ((message, hint) for start, message, hint in _SAYINGS if said.startswith(start))
    message, hint = next(known, (quoted, None))
    width, fix = 1, None
    if hint is _IN_TEXT:
        at, width = source.text.rindex("\\", 0, at), 2
    key, equals, value = (part.strip() for part in line.partition("="))
    if said.startswith("Invalid value"):
        found = re.match(r"[^,\]}#\n]*", line[column - 1 :])
        word = found.group().strip() if found else ""
        width = max(len(word), 1)
        if not word:
            message = Words(zh="= 后面缺少值", en="there is no value here")
            hint = Words(zh='写上 "文字"、数字或 true / false', en='write a "text", a number, true or false')
        elif word.lower() in {"true", "false"}:
            hint = Words(zh="写 {word}", en="write {word}").fill(word=word.lower())
            fix = _instead((at, at + width), word.lower())
        elif not set("\"'\\") & set(word):
            hint = _number_or_text(word)
    elif said.startswith("Expected newline") and value and not set("\"'\\#[{=") & set(value):
        hint = _number_or_text(value)
    elif said.startswith("Expected newline"):
        hint = Words(zh="另起一行", en="begin a new line")
    elif said.startswith("Expected '='") and line[column - 1 : column] == ":":
        hint = Words(zh="把 : 改为 =", en="write = instead of :")
        fix = _instead((at, at + 1), "=")
    elif said.startswith(("Expected '='", "Invalid initial", "Invalid statement")):
        name = (key if equals else line.strip()).strip("[] ")
        if name and not set("\"'\\#.,{}") & set(name):
            form = "[{name}]" if line.lstrip().startswith("[") else "{name} = …"
            # A bare key holds only A-Z a-z 0-9 _ and -: a Chinese one, or one of two words, stands in quotes.
            name = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
            hint = Words(zh="写 {typed}", en="write {typed}").fill(typed=form.format(name=_brief(name)))
    return Diagnostic(NOT_TOML, at=(), message=message, hint=hint, within=(at, at + width), fix=fix)


def _number_or_text(word: str) -> Words:
    text = Words(zh='如果是文字，写 "{word}"', en='if it is a text, write "{word}"').fill(word=_brief(word))
    number = re.fullmatch(r"([+-]?)0*([0-9]*)(\.[0-9]+)?", word)
    if number is None:
        return text
    meant = f"{number[1]}{number[2] or 0}{number[3] or ''}"  # 010 and .5 are no numbers of TOML
    return Words(zh="写 {n}；", en="write {n}; ").fill(n=meant) + text


def _written_twice(source: Source, at: int) -> Diagnostic:
    again = [(path, span) for path, span in source.repeated() if span.start <= at]
    hint = Words(zh="删去其中一个，或合并为一处", en="take one of them out, or bring both together in one place")
    if not again:
        start = source.offset(source.position(at)[0], 1)
        message = Words(zh="这里重写了前面已经写定的内容", en="this writes again what stands further up")
        return Diagnostic(WRITTEN_TWICE, at=(), message=message, hint=hint, within=(start, max(at, start + 1)))
    path, span = again[-1]
    first, _ = source.position(source.span(path, "key").start)
    number, _ = source.position(span.start)
    fix = None
    if source.line(first).strip() == source.line(number).strip() and _whole_pair(source.line(number)):
        start = source.offset(number, 1)
        gone = Words(zh="删去第 {n} 行", en="take line {n} out").fill(n=str(number))
        end = source.text.find("\n", start) + 1 or len(source.text)
        fix = Fix(gone, (Edit((), "", within=(start, end)),), safe=True)
    message = Words(zh="{name} 写了两次，第一次在第 {line} 行", en="{name} is written twice, first in line {line}")
    name = _brief(".".join(map(str, path)))
    message = message.fill(name=name, line=str(first))
    return Diagnostic(WRITTEN_TWICE, at=(), message=message, hint=hint, within=(span.start, span.end), fix=fix)


def _whole_pair(line: str) -> bool:
    """Whether a line holds one key with all of its value."""
    try:
        return len(tomli.loads(line)) == 1 and not line.lstrip().startswith("[")
    except tomli.TOMLDecodeError:
        return False


def _half_width(line: str) -> str:
    """A line as it was meant: full-width signs made plain, except inside texts and comments."""

    def plain(found: re.Match[str]) -> str:
        if found["quote"]:
            return f'"{found["text"]}"'
        if found["single"]:
            return f"'{found['words']}'"
        return found["kept"] or _plain(found["sign"])

    return _SIGN.sub(plain, line)


def _plain(sign: str) -> str:
    """The sign of TOML that a full-width one stands for, else the sign itself."""
    plain = _PLAIN.get(sign) or normalize("NFKC", sign)
    return plain if len(plain) == 1 and (plain in "\"'=,.[]{}# +-_" or (plain.isascii() and plain.isalnum())) else sign


def _brief(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 80 else text[:79] + "…"
