"""Does every parameter have a value for everybody?

In: a draft. Out: a complaint for a parameter whose groups cannot be told, that has no value for one of the choices, or
one for a group that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfscore.diagnostic import Code, Diagnostic
from perfscore.parameter import Parameter
from perfscore.rulefile.draft import Draft
from perfscore.rulefile.parameters import PARAMETER_UNCLEAR
from perfscore.words import Words, listed, nearest

GROUP_WITHOUT_VALUE = Code(
    "PS233",
    "group-without-value",
    Words(
        zh="参数没有某个组别的值，或写了不存在的组别。",
        en="A parameter has no value for a group, or one for a group that does not exist.",
    ),
)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every parameter that some subject would be without."""
    terms = draft.vocabulary
    for name, parameter in draft.parameters.items():
        if parameter is None or parameter.by is None:
            continue
        at = ("parameters", name)
        known = [one for one in (*draft.inputs, *draft.measures, *draft.parameters) if one != name]
        if parameter.by not in known:
            near = nearest(parameter.by, known)
            hint = Words(zh='写 by = "{n}"', en='write by = "{n}"').fill(n=near) if near else _CHOICE
            said = Words(zh="没有叫“{b}”的数据", en="there is no figure “{b}”").fill(b=parameter.by)
            yield Diagnostic(PARAMETER_UNCLEAR, (*at, "by"), said, hint)
        elif terms[parameter.by].type not in ("choice", "yes-no", "text"):
            said = Words(zh="“{b}”不是选择型数据，分不出组", en="“{b}” is not a choice, and tells no groups").fill(
                b=parameter.by
            )
            yield Diagnostic(PARAMETER_UNCLEAR, (*at, "by"), said, _CHOICE)
        else:
            choices = ("true", "false") if terms[parameter.by].type == "yes-no" else terms[parameter.by].domain.choices
            yield from _groups(parameter, choices, at)


_CHOICE = Words(zh='by 写一个 type = "choice" 的数据', en='let by name an input of type = "choice"')


def _groups(parameter: Parameter, choices: tuple[str, ...], at: tuple[str, str]) -> Iterator[Diagnostic]:
    if not choices:
        return
    for group in parameter.values:
        if group not in choices:
            near = nearest(group, choices)
            hint = (
                Words(zh='写 "{n}"', en='write "{n}"').fill(n=near)
                if near
                else Words(zh="有：{all}", en="there are: {all}").fill(all=listed(choices))
            )
            said = Words(zh="“{g}”不是“{b}”的选项", en="“{g}” is not a choice of “{b}”")
            yield Diagnostic(
                GROUP_WITHOUT_VALUE, (*at, "values", group), said.fill(g=group, b=parameter.by or ""), hint, part="key"
            )
    missing = [one for one in choices if one not in parameter.values]
    if missing:
        yield Diagnostic(
            GROUP_WITHOUT_VALUE,
            (*at, "values"),
            Words(zh="没有 {all} 的值", en="there is no value for {all}").fill(all=listed(missing)),
            Words(zh='加上 "{m}" = …', en='add "{m}" = …').fill(m=missing[0]),
        )
