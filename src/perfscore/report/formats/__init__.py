"""The formats of a document: one file each, with a function `render(assessment, language)`, and nothing lists them."""
