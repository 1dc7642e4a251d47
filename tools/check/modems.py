"""Writes docs/modems.md, what each family of modems does, from the tables in drivers/modem."""

import ast

from tools.programs import ROOT

FOLDER = ROOT / "drivers/modem"
FILE = ROOT / "docs/modems.md"
_HEAD = """# Modems
What the drivers ask of each family of modems, made from `drivers/modem/` by `python -m tools.check.modems`.
With `"family": "auto"`, the default, the family is found by ATI and AT+CGMM, and the speed of the line by trying
%s bit/s;
then the modem is told the speed of the settings. All families have TCP and UDP, and short messages in PDU mode.

**No modem of metal has been tried.** `make run MODEM=bg95,sim7600` carries a picture over simulated ones.

| family | models whose names begin with | registration | radio | connections | line, bit/s at most | tried on |
|---|---|---|---|---|---|---|
"""
_ROW = "| `%s` | %s | %s | %s | %s | %s | %s |\n"


def _value(node, constants):
    """The value of an expression of literals, sums and names in `constants`."""
    if isinstance(node, ast.BinOp):
        return _value(node.left, constants) + _value(node.right, constants)
    return constants[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)


def _constants(body):
    """{name: value} of the assignments of literals in a module or class."""
    found = {}
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = _value(node.value, found)
            except (ValueError, KeyError, AttributeError):
                pass  # a call, or a table of tables
    return found


def _module(name):
    return ast.parse((FOLDER / (name + ".py")).read_text("utf-8"))


def _family_class(tree):
    """The class of a module that extends Family, or None."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.bases and ast.unparse(node.bases[0]) == "family.Family":
            return node
    return None


def _commands(table):
    """[(name, line, seconds)] of a table of commands."""
    rows = [row.split("|") for row in table.strip().split("\n")]
    return [(row[0], row[2], row[3]) for row in rows]


def families():
    """{family: (docstring, constants of its class, commands)} of the families in drivers/modem."""
    usual = _constants(next(node for node in _module("family").body if getattr(node, "name", "") == "Family").body)
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = _module(path.stem)
        kind = _family_class(tree)
        if kind:
            values = {**usual, **_constants(kind.body)}
            found[path.stem] = ast.get_docstring(tree), values, _commands(_constants(tree.body)["COMMANDS"])
    return found


def text():
    """docs/modems.md."""
    finding, network = _constants(_module("finding").body), _constants(_module("network").body)
    lines = {name: line.rstrip("?") for name, line, _ in _commands(network["COMMANDS"])}
    power = _commands(_constants(_module("power").body)["COMMANDS"])  # off, and two ways to sleep
    models = [row.split("|") for row in finding["MODELS"].strip().split("\n")]
    speeds = ", ".join("%d" % speed for speed in sorted(finding["SPEEDS"]))
    sections, rows = "", _HEAD % speeds
    for family, (about, values, commands) in families().items():
        beginnings = ", ".join(begin for begin, name in models if name == family)
        registration = ", ".join(lines[name] for name in values["REGISTRATIONS"])
        simulated = (ROOT / "tools/lab/modem" / family / "__init__.py").exists()
        tried = "its simulated modem" if simulated else "a scripted dialogue"
        if values.get("EXPERIMENTAL"):
            tried += "; experimental"
        facts = values["RAT"], values["CONNECTIONS"], values["FASTEST"]
        rows += _ROW % (family, beginnings, registration, *facts, tried)
        sections += "\n## %s\n%s\n\n| name | command | answered within, s |\n|---|---|---|\n" % (family, about)
        commands += [(name[len(family) + 1 :], *row) for name, *row in power if name.startswith(family + " ")]
        sections += "".join("| %s | `%s` | %s |\n" % row for row in commands)
    return rows + sections


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
