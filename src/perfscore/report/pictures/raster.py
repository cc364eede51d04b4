"""A picture as PNG, with fonts that have every character of it.

In: SVG, a width in pixels, folders of fonts. Out: PNG; the same picture and fonts give the same bytes.
A character that no font has is never drawn as a box: `NoPictureError` says which it is and what to install. Nothing is read but
fonts, and nothing outside the picture is referred to.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from attrs import frozen

from perfscore.errors import MissingExtraError, brought_by
from perfscore.words import Words, listed

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

PICTURES_NEED = Words(zh="画图", en="pictures need")
NO_FONT = Words(
    zh="没有字体能显示 {characters}，图没有画；请安装有这些字的字体，中文字体在 Debian、Ubuntu 用 apt install fonts-noto-cjk，"
    "在 Fedora 用 dnf install google-noto-sans-cjk-fonts",
    en="no installed font has {characters}, so the picture was not drawn; install one that does: for Chinese, on Debian and "
    "Ubuntu apt install fonts-noto-cjk, on Fedora dnf install google-noto-sans-cjk-fonts",
)
QUOTED = Words(zh="“{one}”", en="“{one}”")
AND_MORE = Words(zh="等 {n} 个字", en=" and others, {n} in all")
NAMED = 8

LIKED = (
    "NotoSansCJK-Regular",
    "NotoSansCJKsc-Regular",
    "NotoSansSC",
    "SourceHanSans",
    "msyh",
    "PingFang",
    "wqy-",
    "simhei",
)
"""How the files of fonts begin that are looked into first: plain ones, made for Chinese as it is written on the mainland."""
_SUFFIXES = frozenset({".ttf", ".ttc", ".otf", ".otc"})


class NoPictureError(Exception):
    """A picture that cannot be drawn here. `says` tells its reader why, and what to install."""

    def __init__(self, says: Words) -> None:
        self.says = says
        super().__init__(says.en)

    def __reduce__(self) -> tuple[type[NoPictureError], tuple[Words]]:
        return type(self), (self.says,)


@frozen
class _Font:
    """A file of fonts, and the family in it that is meant."""

    path: Path
    family: str


def png(svg: str, *, width: int, folders: Sequence[Path] | None = None) -> bytes:
    """The picture, so many pixels wide, with the fonts in `folders`, by default those of the system."""
    try:
        with brought_by("charts", "fontTools", "resvg_py", needs=PICTURES_NEED):
            import fontTools.ttLib  # noqa: F401
            import resvg_py
    except MissingExtraError as missing:
        raise NoPictureError(missing.message) from None
    fonts = _fonts_for(_characters(svg), tuple(system_folders() if folders is None else folders))
    files = [str(file) for font in fonts for file in (font.path, *_bold(font.path))]
    family = fonts[0].family if fonts else ""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=files,
            font_family=family,
            sans_serif_family=family,
        )
    )


def system_folders() -> Iterator[Path]:
    """Where systems keep their fonts, and users theirs."""
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        yield Path(os.environ.get("LOCALAPPDATA", home), "Microsoft", "Windows", "Fonts")
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield from (home / ".local/share/fonts", home / ".fonts")


def _characters(svg: str) -> frozenset[str]:
    """Every character that is drawn: those of the names and descriptions of a picture are not."""
    drawn = (one for one in ElementTree.fromstring(svg).iter() if one.tag.rpartition("}")[2] == "text")
    return frozenset(character for one in drawn for character in "".join(one.itertext()) if not character.isspace())


def _fonts_for(characters: Collection[str], folders: tuple[Path, ...]) -> list[_Font]:
    """As few fonts as have all characters, the first of them with the most."""
    missing = set(characters)
    found: list[_Font] = []
    for path in _files(folders):
        if not missing:
            break
        family, known = _covers(path)
        if not found and any(path.name.startswith(one) for one in LIKED) and missing & known:
            found, missing = [_Font(path, family)], missing - known
        elif missing & known:
            found.append(_Font(path, family))
            missing -= known
    if missing:
        named = listed(QUOTED.fill(one=one) for one in sorted(missing)[:NAMED])
        more = AND_MORE.fill(n=f"{len(missing)}") if len(missing) > NAMED else Words.same("")
        raise NoPictureError(NO_FONT.fill(characters=named + more))
    return found


@lru_cache(maxsize=4)
def _files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every file of fonts, those that are liked first."""
    files = {file for folder in folders if folder.is_dir() for file in folder.rglob("*") if file.suffix in _SUFFIXES}

    def rank(file: Path) -> tuple[int, str, str]:
        liked = next((at for at, one in enumerate(LIKED) if file.name.startswith(one)), len(LIKED))
        return liked, file.name, str(file)

    return tuple(sorted(files, key=rank))


@lru_cache(maxsize=16)
def _covers(path: Path) -> tuple[str, frozenset[str]]:
    """The family in a file that is meant for the mainland, or the first, and every character it has."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with path.open("rb") as file:
            if path.suffix not in (".ttc", ".otc"):
                return _face(TTFont(file, lazy=True))
            faces = TTCollection(file, lazy=True).fonts
            return _face(next((one for one in faces if _family(one).endswith(" SC")), faces[0]))
    except (TTLibError, OSError, AssertionError, KeyError):
        return "", frozenset()  # a damaged file of fonts has nothing that could be drawn with it


def _family(face: TTFont) -> str:
    return str(face["name"].getBestFamilyName() or "")


def _face(face: TTFont) -> tuple[str, frozenset[str]]:
    return _family(face), frozenset(map(chr, face.getBestCmap() or ()))


def _bold(path: Path) -> tuple[Path, ...]:
    """The bold face beside a regular one."""
    beside = path.with_name(path.name.replace("Regular", "Bold"))
    return (beside,) if beside != path and beside.exists() else ()
