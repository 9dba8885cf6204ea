"""The query language people know from patent search: `ti=(battery AND 电极) NOT st=sold`.

`search.parsing.parse` is the door to it. A page that shows how a text was understood calls
`search.language.reading.explained(text)`: a sentence in the reader's language, fields in full words and
parentheses explicit; empty for plain words and for a text that would be refused.
"""
