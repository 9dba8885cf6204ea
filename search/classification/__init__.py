"""The scheme of patent classes, with titles in Chinese and English, and the classes of goods and services.

Read when first asked for, once per process. What others need:

- `ancestors(symbol)`: what stands above, dots included; `keys.class_keys` posts it for every lot.
- `title`, `reading`, `path`: a title alone, one that can be understood alone, all from the section down.
- `search_titles(text, language, limit)`, `suggested_classes(text, language, limit=3)`: for plain words.

A form that asks for a class, as the search page does, takes the field `class` with its label from
`{% from "classification/_field.html" import class_field %}` as `{{ class_field(value) }}`. What is typed is
completed by htmx from `/classes/options` through a `<datalist>`; without JavaScript it is a plain field.
"""

from search.classification.finding import Match, search_titles, suggested_classes
from search.classification.titles import path, reading, title
from search.classification.tree import ancestors, children

__all__ = (
    "Match",
    "ancestors",
    "children",
    "path",
    "reading",
    "search_titles",
    "suggested_classes",
    "title",
)
