"""Model answers in which one thing is written otherwise: a constant, an operator, an axis, a guard.

Every change of each kind is made at every place.
"""

import ast
import copy
from collections.abc import Iterator

import numpy as np
from mutants.model import built, source
from mutants.mutant import Mutant

from relukit.checks.counterexample import probes
from relukit.checks.task import Task

_BINARY = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_COMPARE = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_NAMES = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "any": "all",
    "all": "any",
    "sum": "mean",
    "mean": "sum",
    "log1p": "log",
    "expm1": "exp",
    "exp": "expm1",
    "sqrt": "square",
    "abs": "negative",
    "zeros": "ones",
    "ones": "zeros",
    "hypot": "add",
    "float64": "float32",
    "standard_normal": "random",
    "random": "standard_normal",
    "sorted": "list",
    "cumsum": "cumprod",
    "median": "mean",
    "std": "var",
    "floor": "ceil",
    "unique": "sort",
    "sign": "abs",
}
_GUARDS = (
    "np.round({}, 6)",
    "np.nan_to_num({})",
    "np.where(np.abs({}) > 1e-6, {}, 0)",
    "np.asarray({}, dtype='float32')",
    "np.asarray(np.asarray({}, dtype='float32'), dtype=np.asarray({}).dtype)",
    "np.clip({}, -1e6, 1e6)",
)


def code_mutants(task: Task) -> Iterator[Mutant]:
    """Yield the model answer, changed in one place at a time."""
    text = ast.unparse(ast.parse(source(task)))
    found: dict[str, str] = {}
    for title, changed in (*_changed(ast.parse(text)), *_guarded(task, ast.parse(text))):
        if changed != text:
            found.setdefault(title, changed)
    for title, changed in found.items():
        yield Mutant(title, lambda text=changed: built(task, text))


def _changed(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield titles and whole texts, one for each change of one node."""
    for position, node in enumerate(ast.walk(tree)):
        for other in _others(node):
            changed = copy.deepcopy(tree)
            place = _nth(changed, position)
            place.__class__, place.__dict__ = other.__class__, other.__dict__
            try:
                text = ast.unparse(ast.fix_missing_locations(changed))
                ast.parse(text)
            except (SyntaxError, ValueError, AttributeError):
                continue
            yield _title(ast.unparse(tree), text), text


def _guarded(task: Task, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield titles and texts with a guard around what the answer returns, where it is floats."""
    _, expected = probes(task)[-1]
    returns = [node for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value]
    if np.asarray(0 if isinstance(expected, tuple | list) else expected).dtype.kind != "f":
        return
    for node in returns:
        kept = node.value
        for guard in _GUARDS:
            node.value = ast.parse(guard.format(*[ast.unparse(kept)] * 2), mode="eval").body
            text = ast.unparse(tree)
            node.value = kept
            yield _title(ast.unparse(tree), text), text


def _nth(tree: ast.Module, position: int) -> ast.AST:
    for n, node in enumerate(ast.walk(tree)):
        if n == position:
            return node
    raise IndexError(position)


def _title(before: str, after: str) -> str:
    """Return the first line that differs, as it was and as it is."""
    lines = zip(before.splitlines(), [*after.splitlines(), *[""] * 9], strict=False)
    old, new = next(((a, b) for a, b in lines if a != b), ("", ""))
    return f"{old.strip()} -> {new.strip()}"


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    made = copy.deepcopy(node)
    if isinstance(node, ast.Constant):
        for value in _constants(node.value):
            yield ast.Constant(value)
    elif isinstance(node, ast.BinOp):
        for kind in _BINARY.get(type(node.op), ()):
            yield ast.BinOp(made.left, kind(), made.right)
        yield made.left
        yield made.right
    elif isinstance(node, ast.UnaryOp):
        yield made.operand
    elif isinstance(node, ast.BoolOp):
        kind = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield ast.BoolOp(kind(), made.values)
        yield from made.values
    elif isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield ast.Attribute(made.value, _NAMES[node.attr], made.ctx)
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield ast.Name(_NAMES[node.id], made.ctx)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        for test in (ast.Constant(value=True), ast.Constant(value=False)):
            other = copy.deepcopy(node)
            other.test = test
            yield other
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield made.value
    elif isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and not _is_text(node):
        yield ast.Pass()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _constants(value: object) -> tuple[object, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1)
    if isinstance(value, float):
        return (value * 1.01, -value) if value else (1.0,)
    return ()


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    if len(node.ops) != 1:
        return
    for kind in _COMPARE.get(type(node.ops[0]), ()):
        other = copy.deepcopy(node)
        other.ops = [kind()]
        yield other
    left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
    shifted = {
        ast.Eq: f"np.isclose({left}, {right})",
        ast.NotEq: f"~np.isclose({left}, {right})",
        ast.Gt: f"{left} > {right} + 1e-6",
        ast.GtE: f"{left} >= {right} - 1e-6",
        ast.Lt: f"{left} < {right} - 1e-6",
        ast.LtE: f"{left} <= {right} + 1e-6",
    }
    if type(node.ops[0]) in shifted:
        yield ast.parse(f"({shifted[type(node.ops[0])]})", mode="eval").body


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """Yield a call without one keyword, with one axis exchanged, and its first argument alone."""
    for position, keyword in enumerate(node.keywords):
        if keyword.arg is None:
            continue
        other = copy.deepcopy(node)
        del other.keywords[position]
        yield other
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield copy.deepcopy(node.args[0])
    for position in range(len(node.args) - 1):
        other = copy.deepcopy(node)
        pair = other.args[position + 1], other.args[position]
        other.args[position], other.args[position + 1] = pair
        yield other
