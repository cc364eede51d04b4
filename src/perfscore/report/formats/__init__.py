"""The formats of a document: one file each, with `render(assessment, language)` and the `SUFFIX` of its files; nothing lists them."""
