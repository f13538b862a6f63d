"""Writes what NumPy gives for the expressions of GoldenTest, beside them.

Run from the repository's root, with Python 3 and NumPy 2.4 (no part of the build needs them):

    python3 spark-ext/src/test/python/numpy_goldens.py > spark-ext/src/test/resources/dev/tessera/text/numpy-goldens.txt

Two numbers after it, a seed and a count, give other random expressions than the 600 of seed 1; GoldenTest reads them from
the file that the system property tessera.goldens names.

Each input is a line "name<TAB>tensor", each case "expression<TAB>tensor[<TAB>tensor...]", or "expression<TAB>error" where
NumPy refuses the expression. A tensor is "dtype[sizes] elements". Functions that NumPy lacks are written by their formulas
in float64 and rounded once.
"""

import itertools
import math
import random
import re
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
F32, F64, I32, I64 = np.float32, np.float64, np.int32, np.int64

INPUTS = {
    "x": np.array([[-1.5, 0.25, 2.0, 3.5], [0.0, -0.75, 1.25, -2.25], [4.5, 0.5, -3.0, 1.0]], F32),
    "y": np.array([[0.3, -1.7, 2.9, 0.1], [1.1, 5.3, -0.6, 2.2], [-4.4, 0.7, 1.9, -0.2]], F64),
    "p": np.array([[0.3, 1.7, 2.9, 0.1], [1.1, 5.3, 0.6, 2.2], [4.4, 0.7, 1.9, 0.2]], F64),
    "v": np.array([0.5, -1.25, 2.0, 0.75], F32),
    "w": (np.arange(20, dtype=F32).reshape(4, 5) - 9) / 4,
    "s": np.array(1.75, F32),
    "d": np.array(-2.5, F64),
    "i": np.array([[7, -7, 0, 3], [2, -1, 5, -4], [1, 9, -6, 8]], I32),
    "j": np.array([3, -2, 5, 1], I64),
    "k": np.array(4, I32),
    "b": np.array([[True, False, True, True], [False, False, True, False], [True, True, False, True]]),
    "c": np.array([True, False, True, False]),
    "t": (np.arange(24, dtype=F32).reshape(2, 3, 4) - 11) / 8,
    "u": (np.arange(24, dtype=F64).reshape(2, 4, 3) - 7) / 8,
    "z": np.zeros((0, 3), F32),
    "zz": np.zeros((3, 0), F64),
    "n": np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0], F32),
    "nd": np.array([2.0, np.nan, -np.inf, np.inf, -0.0, 0.0], F64),
    "h": np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], F64),
    "q": np.array([[1.5, -2.0, 0.5, 3.0]], F32),
    "r": np.array([[1.0], [-2.0], [0.5]], F32),
    "m": np.array([-(2**63), 2**63 - 1, 0, -1], I64),
    "mi": np.array([-(2**31), 2**31 - 1, 0, -1], I32),
    "sq": np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0], [2.5, -2.0, 1.0]], F64),
    "a": np.array([[1.0, 3.0, 3.0, 2.0], [5.0, 5.0, 4.0, 5.0]], F32),
    "at": np.array([[0, -1], [2, 1]], I32),
    "lab": np.array([2, 0, 5, -1], I32),
    "v3": np.array([0.5, -1.0, 2.0], F64),
    "iv": np.array([2, -3, 4], I32),
    "t4": (np.arange(16, dtype=F32).reshape(2, 2, 2, 2) - 5) / 4,
}


def floating(x):
    x = np.asarray(x)
    return x if x.dtype in (F32, F64) else x.astype(F64)


def formula(function):
    def apply(x):
        x = floating(x)
        return np.asarray(np.vectorize(function, otypes=[F64])(x.astype(F64)) if x.size else x).astype(x.dtype)

    return apply


def relu(x):
    if np.asarray(x).dtype == bool:
        raise ValueError("relu of bool")
    return np.maximum(x, 0)


def reciprocal(x):
    if np.asarray(x).dtype in (I32, I64) and not np.all(x):
        raise NotImplementedError("NumPy gives what the processor makes of it")
    return np.reciprocal(x)


def sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v > -700 else math.exp(v) if v == v else v


def softplus(v):
    return v if v != v else max(v, 0.0) + math.log1p(math.exp(-abs(v)))


def gelu(v):
    return v if v != v else -0.0 if v == -math.inf else v if v == math.inf else v / 2 * math.erfc(-v / math.sqrt(2))


def topk(x, k, axis=-1):
    # Largest first, NaN before all, as PyTorch; of equal ones the first.
    backwards = np.flip(np.argsort(np.flip(x, axis), axis=axis, kind="stable"), axis)
    order = x.shape[axis] - 1 - backwards
    at = np.take(order, np.arange(k), axis=axis)
    return np.take_along_axis(x, at, axis), at.astype(I64)


def softmax(x, axis=-1):
    x = floating(x)
    shifted = np.exp(x.astype(F64) - np.max(x, axis=axis, keepdims=True))
    return (shifted / shifted.sum(axis=axis, keepdims=True)).astype(x.dtype)


def log_softmax(x, axis=-1):
    x = floating(x)
    wide = x.astype(F64) - np.max(x, axis=axis, keepdims=True)
    return (wide - np.log(np.sum(np.exp(wide), axis=axis, keepdims=True))).astype(x.dtype)


def logsumexp(x, axis=None, keepdims=False):
    x = floating(x)
    peak = np.max(x, axis=axis, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(peak), peak, 0).astype(F64)
    total = np.log(np.sum(np.exp(x - shift), axis=axis, keepdims=True)) + shift
    return np.asarray(total if keepdims else total.reshape(np.sum(x, axis=axis).shape)).astype(x.dtype)


def layer_norm(x, weight=None, bias=None, eps=1e-5, axis=-1):
    x = floating(x)
    wide = x.astype(F64)
    out = (wide - wide.mean(axis=axis, keepdims=True)) / np.sqrt(wide.var(axis=axis, keepdims=True) + eps)
    out = out.astype(x.dtype)
    out = out if weight is None else out * weight
    return out if bias is None else out + bias


def one_hot(x, num_classes, dtype=I64):
    return (np.asarray(x)[..., None] == np.arange(num_classes)).astype(dtype)


def pad(array, pad_width, mode="constant", constant_values=0):
    return np.pad(array, pad_width, mode=mode, constant_values=constant_values)


NAMES = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
NAMES |= {
    "neg": np.negative,
    "norm": np.linalg.norm,
    "relu": relu,
    "reciprocal": reciprocal,
    "sigmoid": formula(sigmoid),
    "softplus": formula(softplus),
    "gelu": formula(gelu),
    "erf": formula(math.erf),
    "rsqrt": formula(lambda v: math.nan if v < 0 else math.copysign(math.inf, v) if v == 0 else 1 / math.sqrt(v)),
    "cast": lambda x, dtype: np.asarray(x).astype(dtype),
    "topk": topk,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "layer_norm": layer_norm,
    "one_hot": one_hot,
    "pad": pad,
    "np": np,
}


def expressions():
    floats = "exp expm1 log log1p log2 sqrt rsqrt sin cos tan tanh sigmoid softplus gelu erf".split()
    yield from (f"{f}({x})" for f in floats for x in ("x", "p", "n", "nd", "i", "s", "z"))
    numbers = "negative abs sign square floor ceil round relu".split()
    yield from (f"{f}({x})" for f in numbers for x in ("x", "y", "n", "nd", "h", "i", "j", "m", "zz"))
    yield from (f"{f}({x})" for f in ("isnan", "isfinite", "logical_not") for x in ("x", "n", "nd", "i", "b"))
    yield from ("reciprocal(y)", "reciprocal(n)", "abs(b)", "floor(b)", "-x", "+x", "~b", "-i", "~c", "-(-x)")
    operators = "+ - * / // % **".split()
    pairs = ("x y", "x v", "i j", "i k", "x i", "y i", "x j", "x q", "q r", "s d", "n nd", "nd n", "x s", "p y", "b i", "b x")
    for operator, pair in itertools.product(operators, pairs):
        left, right = pair.split()
        yield f"{left} {operator} {right}"
    yield from (f"{x} {o} {c}" for o in operators for x in ("x", "y", "i", "j") for c in ("2", "0.5", "3"))
    yield from (f"{c} {o} {x}" for o in operators for x in ("x", "p", "j") for c in ("2", "1.5"))
    yield from (f"{x} {o} {c}" for o in ("//", "%", "/") for x in ("x", "i", "n", "h") for c in ("-2", "0", "-0.75"))
    yield from (f"{m} {o} {m}" for m in ("m", "mi") for o in ("+", "-", "*", "//", "%"))
    yield from ("m // -1", "m % -1", "m // 0", "m % 0", "-m", "-mi", "abs(mi)", "mi * 2", "mi // -1", "i ** 3", "i ** 0")
    comparisons = "== != < <= > >=".split()
    yield from (f"{a} {o} {b}" for o in comparisons for a, b in (("x", "v"), ("i", "x"), ("n", "nd"), ("i", "2"), ("b", "c")))
    yield from ("i < 2**40", "i == 1e300", "i > -2**40", "x == 0.25", "y > 0.1", "x > 0.1")
    logical = ("logical_and", "logical_or", "logical_xor", "minimum", "maximum")
    yield from (f"{f}({a}, {b})" for f in logical for a, b in (("b", "c"), ("i", "x"), ("x", "y"), ("n", "nd"), ("x", "0"), ("b", "x")))
    yield from (f"b {o} c" for o in "&|^")
    yield from ("(x > 0) & (y != 1) | ~b", "(x > 0) ^ b", "bitwise_and(b, c)", "b + c", "b * c", "b / c", "True & b")

    reductions = "sum prod mean max min argmax argmin any all var std logsumexp".split()
    for f, x in itertools.product(reductions, ("x", "i", "y", "b")):
        if f == "logsumexp" and x in "ib":
            continue
        yield from (f"{f}({x})", f"{f}({x}, axis=0)", f"{f}({x}, axis=-1, keepdims=True)")
    for f in reductions:
        yield f"{f}(t, axis=1)"
        yield f"{f}(t, keepdims=True)"
        if f not in ("argmax", "argmin"):
            yield f"{f}(t, axis=(0, 2))"
            yield f"{f}(t, axis=(-1, 0), keepdims=True)"
        yield from (f"{f}({x})" for x in ("n", "nd", "v", "s", "z"))
        yield f"{f}(z, axis=0)"
        yield f"{f}(z, axis=1)"
    yield from ("norm(x)", "norm(v)", "norm(x, axis=0)", "norm(x, axis=1, keepdims=True)", "norm(t, axis=(0, 1))", "norm(j)", "norm(v, 2)", "norm(t)", "norm(s)")
    orders = ("1", "inf", "-inf", "0", "3", "0.5", "-1", "2")
    yield from (f"norm({x}, {order})" for x in ("v", "j", "n", "c") for order in orders)
    yield from (f"norm(x, {order}, axis=1)" for order in orders)
    yield from (f"norm(x, ord={order}, axis=-2, keepdims=True)" for order in orders)
    yield from (f"norm(x, {order})" for order in ("1", "-1", "inf", "-inf", "'fro'"))
    yield from ("norm(t, 1, axis=(2, 0))", "norm(t, -inf, axis=(0, -1), keepdims=True)", "norm(t, inf, (1, 2))", "norm(z, inf, axis=0)", "norm(z, 1)", "norm(z, 0, 0)", "norm(t, 'fro', axis=(0, 2))")
    yield from ("norm(t, 1)", "norm(s, 2)", "norm(x, axis=(0, 0))", "norm(z, -inf, axis=0)", "norm(t, axis=(0, 1, 2))", "norm(x, 'frob')")
    yield from (f"{f}({x}, ddof={ddof})" for f in ("var", "std") for x in ("x", "v", "i", "s", "b") for ddof in ("1", "2", "0.5", "12", "20", "-1"))
    yield from ("var(x, axis=0, ddof=1)", "std(x, axis=1, ddof=1, keepdims=True)", "var(t, axis=(0, 2), ddof=1)", "var(z, ddof=1)", "std(y, ddof=1)", "x.var(ddof=1)", "std(x, axis=-1, correction=1)")
    yield from ("sum(x, axis=())", "max(x, axis=())", "sum(i, dtype=float32)", "mean(x, dtype=float64)", "sum(mi, dtype=int32)", "prod(i, dtype='int32')")
    yield from ("argmax(a, axis=1)", "argmin(a, axis=1)", "argmax(a)", "argmax(n)", "argmin(nd)", "argmax(b, axis=0)", "max(b)", "min(b, axis=1)")
    yield from ("cumsum(x)", "cumsum(x, axis=0)", "cumsum(t, axis=-1)", "cumsum(i)", "cumsum(b)", "cumsum(i, axis=1)", "cumsum(z, axis=0)", "cumsum(y, 1)")
    yield from ("topk(x, 2)", "topk(x, 2)[0]", "topk(x, k=2, axis=0)[1]", "topk(a, 3)", "topk(t, 1, axis=1)", "topk(x, 0)[0]", "topk(i, 2)[-1]")

    yield from ("x @ w", "v @ w", "x @ v", "v @ v", "t @ u", "x @ u", "v @ u", "u @ sq", "t @ v", "i @ j", "i @ w", "matmul(x, y.T)", "z.T @ z", "zz.T @ zz", "zz @ zz.T", "b @ b.T", "sq @ sq @ v3", "t[0] @ u", "x @ w @ w.T")
    yield from ("dot(x, w)", "dot(v, v)", "dot(x, 2)", "dot(s, x)", "dot(t, u)", "dot(t, v)", "dot(v, u)", "dot(x, u)", "dot(3, 4)", "dot(i, 2.0)", "outer(v, j)", "outer(x, s)", "outer(v3, v3)", "outer(2, v)", "outer(i, v)")
    yield from (f"trace({x})" for x in ("x", "i", "t", "sq", "b"))
    yield from ("trace(x, 1)", "trace(x, offset=-1)", "trace(t, axis1=1, axis2=2)", "trace(sq, 5)", "diagonal(x)", "diagonal(x, 1)", "diagonal(x, -2)", "diagonal(t)", "diagonal(t, 0, 1, 2)", "diagonal(t, axis1=-1, axis2=0)", "diagonal(sq, 7)", "diagonal(t4, 0, 3, 0)")
    for e in (
        "'ij,jk->ik', x, w", "'ij,jk', x, w", "'ij->ji', x", "'ij->', x", "'ij->j', i", "'ii', sq", "'ii->i', sq", "'ba', sq",
        "'i,i', v, v", "'i,j', v, v3", "'i,j->ji', v, v3", "'bij,bjk->bik', t, u", "'bij,bjk->ik', t, u", "'...ij,...jk->...ik', t, u",
        "'...ij,jk', t, w", "'...i->...', t", "'i...->...', t", "'...,...', x, v", "'ij,ij->i', x, y", "'ij,ij->', x, y",
        "'ij,j->i', x, v", "'ij,jk,kl->il', x, w, w.T", "'ij,kl->ijkl', x, sq", "'i,i,i->i', v, v, v", "'i,j,k->ijk', v3, v, v3",
        "'abcd,bcde->ae', t4, t4", "'abcd,cdef->abef', t4, t4", "'abab', t4", "'abab->ab', t4", "'aabb->ab', t4", "'abcd->dcba', t4",
        "'iji->j', t4[0]", "'bij,bij,bij->b', t, t, t", "'ij,ik->jk', i, i", "'ij,ik->jk', b, b", "'i,->i', v, s", "',', s, d", "'', s",
        "'ij,jk->', x, w", "'Ab,bC->AC', x, w", "'ij, jk -> ik', x, w", "'i,ij,j', v3, x, v", "'ab,bc,cd,de->ae', x, w, w.T, w",
        "'ij,jk', q, w", "'ij,kj->ik', r, r", "'ij,ij->ij', q, r", "'ij,kj->ik', x, q", "'ijk->k', t", "'ijk,ijk->jk', t, t", "'...->...', x", "'ij->i...', x",
    ):
        yield f"einsum({e})"

    yield from ("transpose(x)", "x.T", "t.T", "transpose(t, (1, 0, 2))", "transpose(t, axes=(-1, 0, 1))", "v.T", "s.T", "t.transpose(2, 0, 1)")
    yield from ("reshape(x, (2, 6))", "reshape(x, -1)", "reshape(x, (3, -1, 2))", "x.reshape(4, 3)", "reshape(s, (1, 1))", "reshape(z, (3, 0))", "ravel(t)", "x.flatten()", "ravel(s)", "reshape(x, (12,))")
    yield from ("squeeze(q)", "squeeze(r, axis=1)", "squeeze(q, 0)", "squeeze(r, -1)", "squeeze(x)", "expand_dims(v, 0)", "expand_dims(v, -1)", "expand_dims(x, (0, 2))", "expand_dims(s, 0)")
    for sub in ("0", "-1", "1, 2", "-1, -2", ":", "1:", ":2", ":-1", "::2", "::-1", "1::-1", ":, 1:-1", "..., 0", "0, ...", "..., ::-1", "None", ":, None", "None, :, None, 1", "5:", "-10:10", "2:1", "::3, ::-2", "-1:-3:-1", ":, -3::2", "...", "1:100:2, 3", "0:3:1", "100::-1", "-100::-1", ":, 3:0:-2", "0::-1", "0x1, +2", ":None", "::None", "newaxis, 1"):
        yield f"x[{sub}]"
    yield from ("t[1, :, ::-1]", "t[..., None, 1]", "t[:, 0][0]", "v[2]", "v[-4]", "v[1:3] * 2", "z[:, 1]", "z[::-1]", "z[0::-1]", "z[0:2:-2, 0]", "diagonal(zz, 1) ** v[:, None]", "z[2:0:-1]", "cumsum(n[3:5])", "cumsum(-zz[..., None] * 0)", "cumsum(v * [-0.0, -0.0, 0.0, -1.0])", "cumsum(n[:, None] * -0.0, axis=1)", "zz[1]", "t[0][1:][::-1, 0]", "i[1] + j", "t[-1, -2:, -3]")
    yield from ("concatenate((x, y), axis=0)", "concatenate((x, y), axis=-1)", "concatenate([x, i])", "concatenate((v, [1.0, 2.0]))", "concatenate((z, z))", "concatenate((x, y), axis=None)", "concatenate((b, i), 1)", "concatenate((x, x, x), axis=1)", "concatenate((x,))", "concatenate((zz, r), axis=1)")
    yield from ("stack((x, y))", "stack([v, j], axis=1)", "stack((x, x), axis=-1)", "stack((s, d))", "stack((s, 1.5))", "stack((v, v, v))", "stack((x, i), axis=1)")
    yield from ("take(x, at)", "take(x, at, axis=0)", "take(x, at, axis=-1)", "take(v, k - 2)", "take(v, [3, 0, -1])", "take(x, 2, axis=1)", "take(t, at, axis=1)", "take(i, [[1], [2]], 0)", "take(w, iv, axis=1)")
    yield from ("pad(x, 1)", "pad(x, (1, 2))", "pad(x, ((1, 0), (0, 2)))", "pad(v, (2, 0), constant_values=7)", "pad(i, 1, constant_values=-1)", "pad(x, ((0, 0), (1, 1)), mode='constant', constant_values=0.5)", "pad(b, 1)", "pad(z, ((1, 1), (0, 0)))", "pad(i, 1, constant_values=2.75)", "pad(x, ((1, 2),))", "pad(x, [[1, 1], [0, 1]])")
    yield from ("one_hot(lab, 4)", "one_hot(at, 3, dtype=float32)", "one_hot(k, 5)", "one_hot(lab, num_classes=3, dtype=bool)", "one_hot(j, 6, float64)")
    yield from ("tile(v, 2)", "tile(x, (2, 1))", "tile(v, (2, 3))", "tile(x, 2)", "tile(s, 3)", "tile(t, (1, 2, 1))", "tile(v, 0)", "tile(x, (2, 1, 2))", "tile(i, (1, 1))", "broadcast_to(v, (3, 4))", "broadcast_to(s, (2,))", "broadcast_to(r, (2, 3, 4))", "broadcast_to(q, (0, 4))")
    yield from ("softmax(x)", "softmax(x, axis=0)", "softmax(y, axis=-1)", "log_softmax(x)", "log_softmax(t, axis=1)", "softmax(i)", "softmax(x * 100)", "log_softmax(y * 50, axis=0)", "layer_norm(x)", "layer_norm(y, [1.0, 2.0, 0.5, -1.0], bias=v)", "layer_norm(x, eps=0.1)", "layer_norm(t, axis=1)", "softmax(z)", "softmax(v)")
    yield from ("where(x > 0, x, -0.1 * x)", "where(b, x, y)", "where(c, 1, 0)", "where(c, 1.5, i)", "where(b, x, 0.1)", "where(x, i, -i)", "where(b, 1, x)", "where(c, v, r)", "where(s > 0, x, 0)", "where((x > 0) & (y != 1), x, -0.1 * x)", "where(b, c, False)", "where(b, i, 2)", "where(b, b, 2)")
    yield from ("clip(x, 0, 1)", "clip(x, -0.5, 0.5)", "clip(i, 0, 3)", "clip(n, -1, 1)", "clip(x, a_min=0, a_max=None)", "clip(x, None, 1)", "clip(y, v, 2)", "clip(x, 1, 0)", "clip(i, 0.5, 2.5)", "x.clip(0, 1)", "clip(x, min=0, max=1)")
    yield from ("cast(x, int32)", "cast(i, 'float32')", "cast(n, bool)", "cast(x, bool)", "cast(b, float64)", "cast(y, int64)", "cast(m, int32)", "cast(j, float32)", "x.astype(float64)", "cast(b, int32) - 1", "cast(i, bool)", "float32(y)", "cast(1, float32) + y")
    yield from ("round(y, 1)", "round(x, decimals=1)", "round(i, 2)", "round(y * 100, -1)", "round(h)", "around(y)", "rint(h)", "round(i, -1)")

    weak = ("1 + 2", "1 / 2", "7 // 2", "-7 // 2", "7 % -3", "-7 % 3", "2 ** 10", "2 ** -1", "7.5 // 2", "-7.5 % 2", "1 < 2", "3 == 3.0", "-2 ** 2", "(-2) ** 2", "2 ** 3 ** 2", "1e3", "1_000", "0x1F", "0b101", "0o17", ".5", "5.", "1e-3", "inf", "-inf", "nan", "pi", "e", "True", "False", "1 - -1", "+3", "--3", "2 * 3 + 4", "2 + 3 * 4", "10 - 4 - 3", "100 / 10 / 5", "1.5 ** 2", "7 / 2 * 2", "2 ** 0.5", "abs(-3)", "True + True", "exp(1)", "sqrt(2)", "maximum(1, 2.5)", "sum([1, 2, 3])", "[1.0, 2.0]", "[[1, 2], [3, 4]]", "[True, False]", "[1, 2.5]", "[]", "array([1, 2])", "array([1, 2], dtype=float32)", "-5 // 0.3", "5 % 0.3", "1e16 + 1")
    yield from weak
    yield from ("x + 1", "x * 0.1", "i + 1.5", "i + 1", "x + True", "b + 1", "b + 1.5", "b * 2", "x + [1.0, 2.0, 3.0, 4.0]", "x * [1, 2, 3, 4]", "i * [1, 2, 3, 4]", "x - array(1)", "x * (2 * 3)", "x ** 2", "x ** 2.0", "x ** 0.5", "p ** 0.5", "n ** 0.5", "nd ** 0.5", "x ** -1", "y ** 3", "i ** 2", "2 ** k", "x ** 0", "n ** 0", "n ** 2", "-x ** 2", "2 ** -x", "x ** v ** 2", "i / 2", "i // 2", "i / i", "k / 3", "x - 1 - 2", "x / 2 / 2", "x * 2 % 3", "-x % 3", "-(x % 3)", "x @ w * 2", "2 * x @ w", "x > 0", "x + y > 0", "x * -1", "x - -1", "x == x", "n != n", "x + add(1.0, 2.0)", "x * pi", "i + pi", "j * 2 ** 10", "i * 1000000 * 1000", "x + 16777217", "x + 0.1 + 0.2", "x + (0.1 + 0.2)", "where(i > 2, i, 2.5) // 2", "(x + 1)[1:, ::-1].T @ y[1:]", "sum(x * y, axis=(0, 1), keepdims=True)", "x[:, 1:-1] ** 2", "exp(-x ** 2 / 2) / sqrt(2 * pi)", "relu(x @ w + 0.5)", "softmax(relu(x @ w + w[0]) @ w.T)", "np.sum(x, axis=0)", "np.linalg.norm(x)", "x.sum(axis=0)", "x.max()", "(x.T @ x).sum(0).mean()", "x, y", "(x + 1, i)", "x,", "max(x, axis=1) - min(x, axis=1)", "any(x > 3) & all(y < 9)", "sum(b)", "mean(b)", "true_divide(i, 2)", "remainder(i, 3)", "power(x, 2)", "floor_divide(y, 0.3)", "y % 0.3", "y // 0.3", "h // 0.5", "h % -0.5", "nd // 2", "nd % 2", "2 // nd", "2 % nd", "nd // -inf", "x // inf", "x % inf", "x % -inf")
    # What NumPy refuses.
    yield from ("x + j[:3]", "x @ x", "i ** -1", "-b", "b - c", "sum(x, axis=2)", "sum(x, axis=(0, 0))", "reshape(x, (5, 2))", "reshape(x, (-1, -1))", "x[3]", "x[0, 0, 0]", "x[..., ...]", "x[::0]", "max(z)", "argmax(z)", "max(zz, axis=1)", "concatenate((x, v))", "concatenate((x, w))", "stack((x, v))", "squeeze(x, 0)", "transpose(x, (0, 0))", "transpose(x, (0,))", "expand_dims(x, 5)", "diagonal(v)", "trace(v)", "einsum('ij,jk', x)", "einsum('ij,jk', x, x)", "einsum('ii', x)", "einsum('ij->ijk', x)", "einsum('ij->ii', sq)", "einsum('i', x)", "1 + ", "x y", "sum(x, axis=0, 1)", "i + 2**40", "mi + 3000000000", "tile(x, -1)", "broadcast_to(x, (4,))", "take(x, v)", "pad(x, -1)", "round(x, 1, 2, 3)", "sum()", "1 // 0", "1 % 0", "1 / 0", "x[1.5]", "expand_dims(x, (0, 0))", "argmax(t, axis=(0, 1))", "012", "x = 1", "cumsum(x, axis=2)", "dot(x, x)", "dot(v3, v)", "x @ 2", "s @ s", "0 ** -1", "[[1, 2], [3]]", "1e", "2 **", "(x", "x)", "x[", "f(x)", "x.foo", "clip(x)[0](1)", "concatenate(())", "sum(x, axis=0, axis=1)")


class RandomExpressions:
    """Expressions that NumPy takes, grown from smaller ones; the same for the same seed."""

    UNARY = "exp expm1 log1p log2 sqrt sin cos tanh sigmoid erf gelu relu abs sign square floor ceil round negative reciprocal isnan logical_not".split()
    BINARY = "+ - * / // % ** < <= == != >".split()
    REDUCTIONS = "sum prod mean max min argmax argmin any all var std logsumexp norm".split()

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.values = dict(INPUTS)

    def some(self, test=lambda value: True):
        return self.random.choice([name for name, value in self.values.items() if test(value) and value.size <= 400])

    def sub(self, size):
        def bound():
            return str(self.random.randint(-size - 2, size + 2)) if self.random.random() < 0.6 else ""

        kind = self.random.randrange(5)
        if kind == 0 and size:
            return str(self.random.randrange(-size, size))
        return ":" if kind == 1 else f"{bound()}:{bound()}:{self.random.choice((1, 2, 3, -1, -2))}"

    def axis(self, x, several=True):
        axes = self.random.sample(range(x.ndim), self.random.randint(1, x.ndim))
        axes = [axis - x.ndim * self.random.randrange(2) for axis in axes]
        return str(axes[0]) if len(axes) == 1 or not several else str(tuple(axes))

    def reduction(self):
        f, x = self.random.choice(self.REDUCTIONS), self.some()
        value = self.values[x]
        if not value.ndim or self.random.random() < 0.2:
            return f"{f}({x})"
        axis = self.axis(value, several=not f.startswith("arg"))
        return f"{f}({x}, axis={axis}{', keepdims=True' if self.random.random() < 0.5 else ''})"

    def shape(self):
        x = self.some(lambda value: value.ndim > 0)
        value = self.values[x]
        order = self.random.sample(range(value.ndim), value.ndim)
        last = value.shape[-1]
        return self.random.choice([
            f"{x}[{', '.join(self.sub(size) for size in value.shape)}]",
            f"{x}[..., None]" if value.ndim < 6 else f"{x}[..., 0]",
            f"transpose({x}, {tuple(order)})",
            f"reshape({x}, -1)",
            f"reshape({x}, ({last}, -1))",
            f"expand_dims({x}, {self.random.randint(-value.ndim - 1, value.ndim)})",
            f"cumsum({x}, axis={self.axis(value, several=False)})",
            f"concatenate(({x}, {x}), axis={self.axis(value, several=False)})",
            f"stack(({x}, {x}), axis={self.random.randint(-value.ndim - 1, value.ndim)})",
            f"pad({x}, {self.random.randint(0, 2)})",
            f"take({x}, [{self.random.randrange(-last, last)}, 0], axis=-1)" if last else f"{x}",
            f"tile({x}, {self.random.randint(0, 3)})",
            f"softmax({x})",
            f"log_softmax({x}, axis=0)",
            f"topk({x}, {self.random.randint(0, last)})[{self.random.randrange(2)}]",
            f"diagonal({x}, {self.random.randint(-2, 2)})",
            f"squeeze({x})",
            f"einsum('...i->...', {x})",
            f"einsum('i...->i', {x})",
        ])

    def product(self):
        x = self.some(lambda value: value.ndim > 0)
        size = self.values[x].shape[-1]
        y = self.some(lambda value: value.ndim > 0 and value.shape[-2 if value.ndim > 1 else 0] == size)
        return self.random.choice([f"{x} @ {y}", f"dot({x}, {y})", f"einsum('...i,i...', {x}, {y})", f"outer({x}, {y})"])

    def elementwise(self):
        kind = self.random.randrange(8)
        x = self.some()
        if kind < 2:
            return f"{self.random.choice(self.UNARY)}({x})"
        y = self.some(lambda value: fits(self.values[x], value)) if kind < 6 else self.random.choice("0 1 -2 0.5 3 1e3 -0.75".split())
        if kind == 5:
            return f"{self.random.choice(('minimum', 'maximum'))}({x}, {y})"
        if kind == 7:
            return f"where({self.some(lambda value: fits(self.values[x], value))} > 0, {x}, {y})"
        return f"{x} {self.random.choice(self.BINARY)} {y}"

    def grow(self, count):
        """Yields expressions; each is a name in those after it, which may use it in turn."""
        texts = {}
        while len(texts) < count:
            make = self.random.choice((self.reduction, self.shape, self.product, self.elementwise, self.elementwise))
            try:
                short = make()
                full = re.sub(r"\br\d+\b", lambda name: texts[name[0]], short)
                value = np.asarray(eval(short, NAMES | self.values))
                text(value)
            except Exception:
                continue
            if value.size > 400 or value.ndim > 6 or len(full) > 160 or is_wild(value):
                continue
            name = f"r{len(texts)}"
            texts[name] = f"({full})"
            self.values[name] = value
            yield full


def fits(x, y):
    try:
        return np.broadcast_shapes(x.shape, y.shape) is not None
    except ValueError:
        return False


def is_wild(value):
    """Whether rounding in what led to a value shows in it, or what comes of it is large."""
    return value.dtype in (F32, F64) and bool(np.any(np.isfinite(value) & (np.abs(value) > 1e6)))


def text(value):
    value = np.asarray(value)
    name = value.dtype.name
    if name not in ("bool", "int32", "int64", "float32", "float64"):
        raise TypeError(f"{name} is no dtype of the language")
    sizes = ",".join(str(size) for size in value.shape)
    if name.startswith("float"):
        elements = [str(element) for element in value.ravel()]
    else:
        elements = [str(int(element)) for element in value.ravel()]
    return f"{name}[{sizes}] {' '.join(elements)}"


def main():
    np.set_printoptions(legacy=False)
    for name, value in INPUTS.items():
        print(f"{name}\t{text(value)}")
    print()
    seen = set()
    seed, count = (int(argument) for argument in sys.argv[1:] or ("1", "600"))
    for expression in itertools.chain(expressions(), RandomExpressions(seed).grow(count)):
        if expression in seen:
            continue
        seen.add(expression)
        try:
            result = eval(expression, NAMES | INPUTS)
            results = result if isinstance(result, tuple) else (result,)
            print("\t".join([expression, *map(text, results)]))
        except TypeError as e:
            if "is no dtype of the language" in str(e):
                print(f"left out: {expression}: {e}", file=sys.stderr)
            else:
                print(f"{expression}\terror")
        except Exception as e:
            if "negative integer powers" in str(e) and "-" not in expression:
                print(f"left out, for the language gives a value: {expression}", file=sys.stderr)
                continue
            print(f"{expression}\terror")


main()
