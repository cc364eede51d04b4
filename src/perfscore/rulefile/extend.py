"""Put into a rule file what it takes from the file that it extends.

In: the tables of a file, and its path. Out: the effective tables with the place of every value, before anything is asked
of them: to decoding and to every check a rulebook that extends another is a rulebook like any other.
Parents are read here, and only rule files inside the folder of the rules are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from perfscore.diagnostic import Code, Diagnostic
from perfscore.rulefile.decode import no_rule_file
from perfscore.rulefile.merging import NOTHING_TO_REMOVE, Effective, alone, merged
from perfscore.rulefile.parents import AT, PARENT_NOT_FOUND, RefusedError, parent_of, root_of_rules, unreadable
from perfscore.rulefile.table import Complain, read_as
from perfscore.rulefile.toml import Reader, read
from perfscore.rulefile.written import WrittenExtends
from perfscore.source import Source
from perfscore.words import Words, visible

CIRCLE = Code(
    "PS131",
    "circle-of-extends",
    Words(
        zh="规则文件互相继承，绕成一圈；或者一层一层继承得太多。",
        en="Rule files extend each other in a circle, or too many follow one another.",
    ),
)
PARENT_BROKEN = Code(
    "PS133",
    "parent-broken",
    Words(
        zh="extends 写的文件自己有错，读不出来。",
        en="The file that is extended has an error of its own and cannot be used.",
    ),
)
MOST_FILES = 16
_ARROW = " → "


def effective(
    own: Mapping[str, object], source: Source, path: str | None, complain: Complain, read: Reader = read
) -> Effective | None:
    """What a file says with all that it takes from others; None, after complaining, where its parent is not to be had.

    A file that was not read from a path has no folder, and can extend nothing. `read` gives the documents of parents.
    """
    root = root_of_rules(path) if path is not None else None
    return _Chain(root, () if path is None else (path,), read).effective(own, source, complain)


class _Chain:
    """The files that are being read, from the one that was asked for to its farthest ancestor."""

    def __init__(self, root: str | None, paths: tuple[str, ...], read: Reader) -> None:
        self.root, self.paths, self.read = root, paths, read

    def effective(self, own: Mapping[str, object], source: Source, complain: Complain) -> Effective | None:
        header = own.get("rulebook")
        if not isinstance(header, Mapping) or "extends" not in header:
            if isinstance(header, Mapping) and "remove" in header:
                complain(_nothing_extended())
            return alone(own, source)
        table = {key: header[key] for key in ("extends", "remove") if key in header}
        written = read_as(WrittenExtends, table, ("rulebook",), complain)
        if written is None:
            return None
        try:
            parent = self.parent(written.extends)
        except RefusedError as refused:
            complain(refused.diagnostic)
            return None
        return merged(own, source, parent, written.remove, complain)

    def parent(self, said: str) -> Effective:
        """What the parent says with all that it takes from others; raises `RefusedError` where it is not to be had."""
        if self.root is None:
            raise RefusedError(_no_folder())
        path = parent_of(said, self.paths[-1], self.root)
        chain = (*self.paths, path)
        if os.path.realpath(path) in map(os.path.realpath, self.paths):
            raise RefusedError(_circle(chain))
        if len(chain) > MOST_FILES:
            raise RefusedError(_too_many(chain))
        try:
            document = self.read(path)
        except OSError as error:
            raise RefusedError(unreadable(said, error)) from None
        if document.values is None:
            raise RefusedError(_broken(document.source, list(document.diagnostics)))
        if (unfit := no_rule_file(document.values)) is not None:
            raise RefusedError(_broken(document.source, [unfit]))
        told: list[Diagnostic] = []
        found = _Chain(self.root, chain, self.read).effective(document.values, document.source, told.append)
        errors = [one for one in told if one.severity == "error"]
        for one in errors:
            if one.code is CIRCLE:
                raise RefusedError(one)
        if errors or found is None:
            raise RefusedError(_broken(document.source, errors))
        return found


def _circle(chain: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        CIRCLE,
        AT,
        Words(zh="继承绕成一圈：{chain}", en="these extend each other in a circle: {chain}").fill(
            chain=_ARROW.join(map(visible, chain))
        ),
        Words(zh="去掉其中一个文件的 extends", en="take extends out of one of the files"),
    )


def _too_many(chain: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        CIRCLE,
        AT,
        Words(
            zh="一层一层继承超过 {n} 个文件：{first} → … → {last}",
            en="more than {n} files extend one another: {first} → … → {last}",
        ).fill(n=str(MOST_FILES), first=visible(chain[0]), last=visible(chain[-1])),
        Words(zh="直接继承更上面的文件", en="extend a file further up"),
    )


def _no_folder() -> Diagnostic:
    return Diagnostic(
        PARENT_NOT_FOUND,
        AT,
        Words(
            zh="这段规则不是从文件读的，没有文件夹可找上级",
            en="these rules were not read from a file, so there is no folder to look in",
        ),
        Words(zh="存成文件再读：perfscore.load(…)", en="save them as a file: perfscore.load(…)"),
    )


def _broken(source: Source, errors: list[Diagnostic]) -> Diagnostic:
    """The complaint about a parent that cannot be read, with the first of its own errors."""
    first = min(errors, key=lambda one: source.span(one.at, one.part, one.within).start)
    line, _ = source.position(source.span(first.at, first.part, first.within).start)
    return Diagnostic(
        PARENT_BROKEN,
        AT,
        Words(zh="{file} 自己有错，第 {n} 行：{said}", en="{file} has an error of its own, on line {n}: {said}").fill(
            file=visible(source.path), n=str(line), said=first.message
        ),
        Words(zh="先改那个文件：perfscore check {file}", en="mend that file first: perfscore check {file}").fill(
            file=visible(source.path)
        ),
    )


def _nothing_extended() -> Diagnostic:
    return Diagnostic(
        NOTHING_TO_REMOVE,
        ("rulebook", "remove"),
        Words(zh="没有写 extends，没有可去掉的", en="nothing is extended, so nothing can be taken out"),
        Words(zh='写 extends = "…"，或去掉 remove', en='write extends = "…", or leave remove out'),
        part="key",
    )
