"""The sentences of docstrings, comments and Markdown, each with its file and line."""

import ast
import io
import re
import tokenize

_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_END = re.compile(r"(?<=[.!?])[\"')*]*\s+(?=[\"'(*`A-Z])")
_PRAGMA = re.compile(r"#\s*(noqa|fmt|type|pragma)\b|#!")
_ITEM = re.compile(r"\s*([-*+]|\d+\.)\s+")


def of_file(path):
    """(line, sentence) for every sentence in a Python or Markdown file."""
    text = path.read_text()
    blocks = _of_markdown(text) if path.suffix == ".md" else [*_of_docstrings(text), *_of_comments(text)]
    return [(line, sentence) for line, block in sorted(blocks, key=lambda block: block[0]) for sentence in split(block)]


def split(block):
    """The sentences of a paragraph; code in backquotes stands as one word, and Markdown's marks are left out."""
    plain = " ".join(_LINK.sub(r"\1", _CODE.sub("CODE", block)).split())
    pieces = [piece.strip(" *_#>|") for piece in _END.split(plain)]
    return [piece for piece in pieces if re.search(r"[A-Za-z]{2}", piece)]


def _paragraphs(lines, first):
    """(line, text) of each paragraph and each list item in `lines`, of which the first has the number `first`."""
    block, start = [], first
    for number, line in enumerate([*lines, ""], first):
        if block and (not line.strip() or _ITEM.match(line)):
            yield start, "\n".join(block)
            block = []
        if line.strip():
            start = start if block else number
            block.append(_ITEM.sub("", line))


def _of_docstrings(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node):
                literal = node.body[0].value
                yield from _paragraphs(literal.value.split("\n"), literal.lineno)


def _of_comments(text):
    """Lines of comments that follow each other are one paragraph; a comment behind code is one of its own."""
    block, start, last = [], 0, 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or _PRAGMA.match(token.string):
            continue
        line, alone = token.start[0], not token.line[: token.start[1]].strip()
        if block and not (alone and line == last + 1):
            yield start, "\n".join(block)
            block = []
        start = start if block else line
        block.append(token.string.lstrip("# "))
        last = line if alone else 0
    if block:
        yield start, "\n".join(block)


def _of_markdown(text):
    """Paragraphs, list items, headings and cells of tables; blocks of code are left out."""
    kept, fenced, cells = [], False, []
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced, line = not fenced, ""
        if line.startswith("|"):
            cells += [(number, cell) for cell in line.split("|")]
        plain = not fenced and not line.startswith(("    ", "|"))
        kept += [line if plain else ""]
    return [*_paragraphs(kept, 1), *cells]
