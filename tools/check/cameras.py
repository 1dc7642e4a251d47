"""Writes the table of docs/cameras.md, which families of cameras there are, from their modules in drivers/camera."""

import ast

from tools.programs import ROOT

FOLDER = ROOT / "drivers/camera"
FILE = ROOT / "docs/cameras.md"
_BEGIN, _END = "<!-- families -->\n", "<!-- end -->\n"
_HEAD = "| family | camera | sizes | simulated |\n|---|---|---|---|\n"
_SIZES = {  # family: the module and the name of the table with its sizes
    "vc0706": ("vc0706", "SIZES"),
    "arducam": ("ov2640", "_WINDOW"),
    "esp32": ("parallel", "_SIZES"),
}


def _module(name):
    return ast.parse((FOLDER / (name + ".py")).read_text("utf-8"))


def _table(module, name):
    """The names of sizes in a table of a module: the keys of a dict, or a tuple."""
    for node in ast.walk(_module(module)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            value = node.value.args[0] if isinstance(node.value, ast.Call) else node.value
            return list(ast.literal_eval(value))
    raise LookupError("%s has no %s" % (module, name))


def families():
    """{family: (first sentence of its docstring, names of its sizes)} of the modules with a function `open`."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = _module(path.stem)
        if path.stem != "__init__" and any(getattr(node, "name", "") == "open" for node in tree.body):
            about = " ".join(ast.get_docstring(tree).split()).partition(". ")[0].removesuffix(".")
            found[path.stem] = about, _table(*_SIZES[path.stem]) if path.stem in _SIZES else []
    return found


def text():
    """docs/cameras.md."""
    before, _, rest = FILE.read_text("utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    rows = _HEAD
    for family, (about, sizes) in families().items():
        simulated = "tools/lab/camera/%s.py" % family
        shown = "`%s`" % simulated if (ROOT / simulated).exists() else ""
        rows += "| `%s` | %s | %s | %s |\n" % (family, about, ", ".join(sizes) or "that of the file", shown)
    return before + _BEGIN + rows + _END + after


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
