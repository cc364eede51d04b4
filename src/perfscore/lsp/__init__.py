"""What an editor is told of rule files while they are written, over the language server protocol.

In: the texts that an editor holds, saved or not. Out: complaints as one types, and answers to what is asked at a place.
`desk` keeps the texts, `page` is one of them, `walk` says where the cursor stands in a text that may be broken,
`mending` reads such a text as far as it goes, `keys` and `figures` know what may stand there; what an editor can ask for
is one file each in `capabilities`. Only `server` and `shapes` speak the protocol, and nothing is decided about a rule here.
"""
