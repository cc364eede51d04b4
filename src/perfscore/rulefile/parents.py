"""Find the file that a rule file extends.

In: what `extends` says, and the path of the file that says it. Out: the path of another rule file, or why there is none.
A file is found from another only inside the folder of the rules: whoever gives a rule file to be read gives no others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from perfscore.diagnostic import Code, Diagnostic
from perfscore.rulefile.mends import respelt
from perfscore.rulefile.table import quoted
from perfscore.words import Words, nearest, visible

PARENT_NOT_FOUND = Code(
    "PS130",
    "parent-not-found",
    Words(zh="extends 写的规则文件没有找到，或者打不开。", en="The rule file that `extends` names is not there."),
)
OUTSIDE_THE_RULES = Code(
    "PS132",
    "outside-the-rules",
    Words(
        zh="extends 只能写规则文件夹里的文件：外面叫 rules 或“规则”的最近一层，没有这样的文件夹就是本文件所在的文件夹。",
        en="`extends` stays inside the folder of the rules: the nearest that is called rules, else that of the file.",
    ),
)
AT = ("rulebook", "extends")
FOLDERS = ("rules", "规则")
ENDING = ".toml"
FACTS = ".facts.toml"
LOOKED_AT = 2000  # so many entries of folders are looked at for near names


class RefusedError(Exception):
    """There is no parent to be had; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message.en)


def root_of_rules(path: str) -> str:
    """The folder that a rule file finds others in: the nearest around it called `rules` or 规则, else its own."""
    folder = Path(os.path.abspath(path)).parent
    return str(next((one for one in (folder, *folder.parents) if one.name in FOLDERS), folder))


def parent_of(said: str, path: str, root: str) -> str:
    """The path of the file that `extends` names; raises `RefusedError` where it is not there or not to be read.

    What ends in `.toml` is a path from the folder of the file, anything else a name under the root.
    """
    folder = os.path.dirname(os.path.abspath(path))
    named = not said.endswith(ENDING)
    wanted = os.path.join(root, said + ENDING) if named else os.path.join(folder, said)
    wanted = os.path.normpath(wanted)
    if not _inside(wanted, root):
        raise RefusedError(_outside(said, root))
    found = said.isprintable() and not wanted.endswith(FACTS) and os.path.isfile(wanted)
    if not found:
        raise RefusedError(_not_found(said, path, wanted, root))
    if not _inside(os.path.realpath(wanted), os.path.realpath(root)):  # a link leads elsewhere
        raise RefusedError(_outside(said, root))
    return wanted if os.path.isabs(path) else _as_seen(wanted, path)


def _inside(path: str, root: str) -> bool:
    return path.startswith(os.path.join(root, ""))


def _as_seen(wanted: str, path: str) -> str:
    """A path from where the other was seen from."""
    beside = os.path.relpath(wanted, os.path.dirname(os.path.abspath(path)))
    return os.path.normpath(os.path.join(os.path.dirname(path), beside))


def unreadable(said: str, error: OSError) -> Diagnostic:
    """The complaint about a parent that is there and cannot be opened."""
    return Diagnostic(
        PARENT_NOT_FOUND,
        AT,
        Words(zh="打不开{said}：{why}", en="{said} cannot be opened: {why}").fill(
            said=quoted(said), why=error.strerror or type(error).__name__
        ),
        Words(zh="检查文件的权限", en="see who may read the file"),
    )


def _outside(said: str, root: str) -> Diagnostic:
    return Diagnostic(
        OUTSIDE_THE_RULES,
        AT,
        Words(
            zh="{said}在规则文件夹 {root} 的外面，没有读",
            en="{said} is outside the folder {root}, and was not read",
        ).fill(said=quoted(said), root=visible(root)),
        Words(
            zh="把两个文件放进同一个名为 rules 或“规则”的文件夹（可以分子文件夹）",
            en="put both files into one folder called rules; it may have folders in it",
        ),
    )


def _not_found(said: str, path: str, wanted: str, root: str) -> Diagnostic:
    known = list(ways_to_say(path, root))
    near = nearest(said, known)
    if near is None:  # a name may be right and its folder wrong
        last = said.rpartition("/")[2].removesuffix(ENDING)
        near = next((one for one in known if one.rpartition("/")[2].removesuffix(ENDING) == last), None)
    return Diagnostic(
        PARENT_NOT_FOUND,
        AT,
        Words(zh="没有规则文件{said}，找过 {where}", en="there is no rule file {said}; looked for {where}").fill(
            said=quoted(said), where=visible(wanted if os.path.isabs(path) else _as_seen(wanted, path))
        ),
        Words(zh='写 extends = "{near}"', en='write extends = "{near}"').fill(near=visible(near))
        if near
        else Words(
            zh='写从本文件起的路径，如 "base.toml"，或从规则文件夹 {root} 起的名字，不带 .toml',
            en='write a path from this file on, as in "base.toml", or a name under {root} without .toml',
        ).fill(root=visible(root)),
        fix=respelt(AT, said, near),
    )


def ways_to_say(path: str, root: str) -> Iterator[str]:
    """What `extends` could name: every rule file of the root but this, by its path from here and by its name."""
    itself = os.path.abspath(path)
    left = LOOKED_AT
    for folder, folders, files in os.walk(root):
        folders.sort()
        left -= len(folders) + len(files)
        if left < 0:
            return
        for name in sorted(files):
            file = os.path.join(folder, name)
            if name.endswith(ENDING) and not name.endswith(FACTS) and file != itself:
                yield os.path.relpath(file, os.path.dirname(itself)).replace(os.sep, "/")
                yield os.path.relpath(file, root).replace(os.sep, "/").removesuffix(ENDING)
