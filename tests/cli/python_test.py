"""python_test.py - the Python package as its users call it; run by python.sh."""

import gc
import inspect
import os
import pickle
import sys
import tempfile
import threading
import unittest

import numpy as np

import gradc

MODEL = """
dim K = 3
fn f(x[N, D], y: i32[N], param w[D] ~ normal(0.1), k, flag: bool) =
    flag ? k * sum((x @ w)^2) + sum(x[range(N), y]) : 0
fn kinds(a: bool, b: u8[p], c: i64, d: i32, e: f32[2]) = (a, b, c, d, e)
fn many(x[N, D], param W: f32[D, H] ~ glorot_uniform, param b[H] ~ zeros, param s[H] ~ 1 / D,
        param r[N] ~ ones, param free[2]) = sum(x) + sum(W) + sum(b) + sum(s) + sum(r) + sum(free)
fn rest(n[m]) = sum(full(q, 1.5)) + sum(n)
fn strange(_a, lambda, into[2]) = (_a, lambda, sum(into))
fn three(x[K]) = 2 * x
dim q
export f with grad(w), jvp(w)
export kinds
export many
export rest
export strange
fn turns(x, n: i64) {
    s = x
    for t in 0:n { s = sin(s) }
    return s
}
export three
export turns with grad(x)
"""

model = gradc.compile(text=MODEL, name="test.dg")
x = np.array([[1.0, 2.0], [3.0, 4.0]])
y = np.array([0, 1], np.int32)
w = np.array([1.0, 2.0])


class Calls(unittest.TestCase):
    def test_named_and_by_position(self):
        for result in (
            model.f_grad(x, y, w, 2.0, True),
            model.f_grad(x=x, y=y, w=w, k=2, flag=True),
            model.f_grad(x, y, flag=1, w=[1, 2], k=np.float32(2)),
            model["f_grad"](x.tolist(), [0, 1], (1, 2), 2, True, N=2, D=2),
        ):
            self.assertEqual(result.value, 297.0)
            np.testing.assert_array_equal(result.grad_w, [152, 216])
            value, grad = result
            self.assertEqual((type(value), grad.dtype), (np.float64, np.float64))
        self.assertEqual(model.f(x, y, w, 2.0, False).value, 0)

    def test_derivative_is_right(self):
        rng = np.random.default_rng(3)
        x, w, t = rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=4)
        y = rng.integers(0, 4, 5).astype(np.int32)
        result = model.f_grad(x, y, w, 1.5, True)
        np.testing.assert_allclose(result.value, 1.5 * ((x @ w) ** 2).sum() + x[range(5), y].sum())
        np.testing.assert_allclose(result.grad_w, 3 * x.T @ (x @ w))
        jvp = model.f_jvp(x, y, w, 1.5, True, tangent_w=t)
        np.testing.assert_allclose(jvp.jvp, result.grad_w @ t)

    def test_sparse(self):
        s = gradc.compile(
            text="fn f(x[5]) = x[1:5] * x[0:4]\nfn z(x[3]) = sum(x[0:2]^2 * x[1:3])\n"
            "export f with jacobian(x) sparse\nexport z with hessian(x) sparse\n"
        )
        p = s.f_jacobian.pattern("jac_x")
        self.assertEqual((p.shape, p.lower, p.indices.dtype), ((4, 5), False, np.int32))
        np.testing.assert_array_equal(p.indptr, [0, 2, 4, 6, 8])
        np.testing.assert_array_equal(p.indices, [0, 1, 1, 2, 2, 3, 3, 4])
        np.testing.assert_array_equal(s.f_jacobian(np.arange(5.0)).jac_x, [1, 0, 2, 1, 3, 2, 4, 3])
        p = s.z_hessian.pattern("hess_x")
        self.assertEqual((p.shape, p.lower), ((3, 3), True))
        np.testing.assert_array_equal(p.indices, [0, 0, 1, 1])
        for name in ("value", "jac_y"):
            with self.assertRaises(gradc.ArgumentError):
                s.f_jacobian.pattern(name)

    def test_types(self):
        r = model.kinds(True, [1, 255], -(2**63), 7, [0.5, 2])
        self.assertEqual([np.asarray(v).dtype for v in r], ["bool", "uint8", "int64", "int32", "float32"])
        self.assertEqual((bool(r[0]), list(r[1]), int(r[2]), int(r[3])), (True, [1, 255], -(2**63), 7))
        with self.assertRaisesRegex(gradc.ArgumentError, "b is of type u8, which has no 256"):
            model.kinds(True, [1, 256], 0, 0, [0, 0])
        with self.assertRaisesRegex(gradc.ArgumentError, "b is of type u8, which has no -1"):
            model.kinds(True, [-1, 2], 0, 0, [0, 0])
        with self.assertRaisesRegex(gradc.ArgumentError, "a is of type bool, which has no 2"):
            model.kinds(2, [1], 0, 0, [0, 0])
        with self.assertRaisesRegex(gradc.ArgumentError, "d is of type i32, which has no 2147483648"):
            model.kinds(1, [1], 0, 2**31, [0, 0])
        with self.assertRaisesRegex(gradc.ArgumentError, "d is of type i32, and is given float64"):
            model.kinds(1, [1], 0, 0.5, [0, 0])
        with self.assertRaisesRegex(gradc.ArgumentError, "e is of type f32, and is given complex128"):
            model.kinds(1, [1], 0, 0, [0, 1j])
        with self.assertRaisesRegex(gradc.ArgumentError, "e is of type f32, and is given <U1"):
            model.kinds(1, [1], 0, 0, ["a", "b"])
        with self.assertRaises(gradc.ArgumentError):
            model.kinds(1, [1], 2**70, 0, [0, 0])
        self.assertEqual(model.kinds(1, [], 0, 0, [0, 0])[1].shape, (0,))

    def test_layouts(self):
        """Arrays that do not fit are converted, and never changed."""
        want = model.f_grad(x, y, w, 2.0, True)
        big = np.zeros((4, 4))
        big[::2, ::2] = x
        frozen = w.copy()
        frozen.flags.writeable = False
        bytes_ = np.zeros(17, np.uint8)
        unaligned = bytes_[1:].view(np.float64)
        unaligned[:] = w
        for ax in (x, np.asfortranarray(x), big[::2, ::2], x.astype(">f8"), x.astype(np.float32), x.astype(int)):
            for aw in (w, frozen, unaligned, w[::-1][::-1]):
                before = ax.copy(), aw.copy()
                got = model.f_grad(ax, y.astype(np.int64), aw, 2.0, True)
                self.assertEqual(got.value, want.value)
                np.testing.assert_array_equal(got.grad_w, want.grad_w)
                np.testing.assert_array_equal(ax, before[0])
                np.testing.assert_array_equal(aw, before[1])

    def test_no_copies(self):
        array = model.f._array(model.f.inputs[0], x)
        self.assertIs(array, x)
        self.assertIsNot(model.f._array(model.f.inputs[0], np.asfortranarray(x)), x)

    def test_into(self):
        grad = np.full(2, np.nan)
        result = model.f_grad.into({"grad_w": grad}, x, y, w, 2.0, True)
        self.assertIs(result.grad_w, grad)
        np.testing.assert_array_equal(grad, [152, 216])
        scalar = np.empty(())
        model.f_grad.into({"value": scalar}, x, y, w, 2.0, True)
        self.assertEqual(scalar, 297)
        for out, why in (
            ({"grad_w": np.zeros(3)}, "must be of float64 and shape"),
            ({"grad_w": np.zeros(2, np.float32)}, "must be of float64"),
            ({"grad_w": [0.0, 0.0]}, "must be of float64"),
            ({"grad_w": np.zeros(4)[::2]}, "writeable and contiguous"),
            ({"grad_w": w}, "overlaps another argument"),
            ({"grad": grad}, "has no output 'grad'"),
        ):
            with self.assertRaisesRegex(gradc.ArgumentError, why):
                model.f_grad.into(out, x, y, w, 2.0, True)
        np.testing.assert_array_equal(w, [1, 2])

    def test_names(self):
        r = model.strange(1, **{"lambda": 2, "into": [3, 4]})
        self.assertEqual((r.a_, r.lambda_, r.value2), (1, 2, 7))
        self.assertIn("f_grad", dir(model))
        self.assertEqual(list(model.functions)[:3], ["f", "f_grad", "f_jvp"])
        self.assertEqual(
            repr(model.three), "three(x: f64[3]) -> (value: f64[3])"
        )
        self.assertEqual(str(inspect.signature(model.f)), "(x, y, w, k, flag, N, D)")
        self.assertIn("value and gradient of f", model.f_grad.__doc__)
        a = model.f_grad.inputs[2]
        self.assertEqual((a.name, a.type, a.shape, a.trainable, a.init), ("w", "f64", ("D",), True, "normal(0.1)"))
        with self.assertRaisesRegex(AttributeError, "no function 'g'; it has f, f_grad"):
            model.g
        with self.assertRaises(KeyError):
            model["g"]
        self.assertIn("int f_grad(", model.c_text)
        self.assertIn("int f_grad(", model.header_text)
        self.assertEqual(model.sources, ["test.dg"])
        self.assertGreater(model.times["emit"], 0)

    def test_sizes(self):
        self.assertEqual(model.rest([1, 2], q=4).value, 9)
        with self.assertRaisesRegex(gradc.ArgumentError, "no argument tells the size q"):
            model.rest([1, 2])
        with self.assertRaisesRegex(gradc.ArgumentError, "so that N is 2, but y .N. is given as .3."):
            model.f(x, [0, 0, 0], w, 1, True)
        with self.assertRaisesRegex(gradc.ArgumentError, "it has 2 axes, not 1"):
            model.f(x[0], y, w, 1, True)
        with self.assertRaisesRegex(gradc.ArgumentError, "x .3. is given as .4."):
            model.three([1, 2, 3, 4])
        for n in range(100): # more shapes than are remembered
            self.assertEqual(model.rest(np.ones(n), q=2).value, 3 + n)

    def test_arguments(self):
        for args, named, why in (
            ((x, y, w, 1), {}, "the argument flag is not given: f"),
            ((x, y, w, 1, True, 2), {}, "takes 5 arguments, and is given 6"),
            ((x, y, w, 1, True), {"x": x}, "x is given twice"),
            ((x, y, w, 1, True), {"z": x}, "f has no argument 'z': f"),
        ):
            with self.assertRaisesRegex(gradc.ArgumentError, why):
                model.f(*args, **named)
        self.assertTrue(issubclass(gradc.ArgumentError, ValueError))

    def test_memory_by_values(self):
        for n in (3, 200000, -1, 70000, 200001):  # each call has as much as its own n wants
            s, d = 0.5, 1.0
            for _ in range(n):
                s, d = np.sin(s), d * np.cos(s)
            result = model.turns_grad(0.5, n)
            np.testing.assert_allclose((result.value, result.grad_x), (s, d), rtol=1e-10)
        with self.assertRaises(MemoryError):
            model.turns_grad(0.5, 2**62)

    def test_run_time_errors(self):
        with self.assertRaisesRegex(gradc.BoundsError, "f: an index is out of range"):
            model.f(x, [0, 2], w, 1, True)
        self.assertTrue(issubclass(gradc.BoundsError, IndexError))


class Init(unittest.TestCase):
    def test_values(self):
        p = model.many.init(seed=1, D=4, H=3, N=2)
        self.assertEqual(list(p), ["W", "b", "s", "r"])
        self.assertEqual((p["W"].dtype, p["W"].shape, p["s"].tolist()), (np.float32, (4, 3), [0.25] * 3))
        np.testing.assert_array_equal(p["W"], model.many.init(1, x=np.zeros((2, 4)), H=3)["W"])
        self.assertFalse((p["W"] == model.many.init(2, D=4, H=3, N=2)["W"]).any())
        self.assertNotIn("W", model.many.init(W=p["W"], N=1))
        value = model.many(np.zeros((2, 4)), free=[0, 0], **p).value
        np.testing.assert_allclose(value, p["W"].sum() + 0.75 + 2, rtol=1e-6)

    def test_sizes(self):
        self.assertEqual(model.f_grad.init(D=2)["w"].shape, (2,))  # N does not matter
        with self.assertRaisesRegex(gradc.ArgumentError, "what is given does not tell the shape of r: f64.N."):
            model.many.init(D=4, H=3)
        with self.assertRaisesRegex(gradc.ArgumentError, "so that D is 4"):
            model.many.init(x=np.zeros((2, 4)), W=np.zeros((3, 3)))


class Compiling(unittest.TestCase):
    def test_errors(self):
        with self.assertRaises(gradc.ModelError) as caught:
            gradc.compile(text="fn f(x) = y\nfn g(x) = [1, 2] + [1, 2, 3]\nexport f\nexport g", name="two.dg")
        e = caught.exception
        self.assertEqual((e.message, e.file, e.line, e.column), ("unknown name 'y'", "two.dg", 1, 11))
        self.assertEqual((e.messages[1].line, e.messages[1].column), (2, 18))
        self.assertIn("two.dg:1:11: error: unknown name 'y'\nfn f(x) = y\n          ^", str(e))
        again = pickle.loads(pickle.dumps(e))
        self.assertEqual((str(again), again.line), (str(e), 1))
        with self.assertRaises(gradc.Error) as caught:
            gradc.compile("none.dg")
        self.assertIn("cannot open none.dg", str(caught.exception))
        self.assertIsNone(caught.exception.file)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ä.dg")
            with open(os.path.join(folder, "half.dg"), "w") as f:
                f.write("fn half(x) = x / 2")
            with open(path, "w") as f:
                f.write('import "half"\nimport "optim"\nfn f(x) = half(relu(x))')
            m = gradc.compile(path)
            self.assertEqual([os.path.basename(s) for s in m.sources], ["ä.dg", "half.dg", "optim.dg"])
            self.assertEqual(m.f(3).value, 1.5)
            with open(path, "w") as f:
                f.write("fn f(x) = ")
            with self.assertRaises(gradc.ModelError) as caught:
                gradc.compile(path)
            self.assertEqual(caught.exception.file, path)
            os.makedirs(os.path.join(folder, "in"))
            os.rename(os.path.join(folder, "half.dg"), os.path.join(folder, "in", "half.dg"))
            text = 'import "half"\nfn f(x) = half(x)'
            self.assertEqual(gradc.compile(text=text, include=os.path.join(folder, "in")).f(3).value, 1.5)

    def test_options(self):
        text = "dim K = 2\nfn f(x[K], z) = sum(x) + 0 * z\nexport f"
        m = gradc.compile(text=text, real="f32", define={"K": 3}, exports=["f with grad(x) as slope"])
        self.assertEqual(list(m.functions), ["f", "slope"])
        self.assertEqual(m.slope([1, 2, 3], 0).grad_x.dtype, np.float32)
        m = gradc.compile(text="fn f(x, z) = x", exports="f with grad(z)", disconnected="zero")
        self.assertEqual(m.f_grad(1, 2).grad_z, 0)
        for backend in ("cc", "interp"):
            m = gradc.compile(text=text, backend=backend)
            self.assertEqual(m.f([1, 2], 5).value, 3)
        for wrong in ({"real": "f16"}, {"disconnected": "maybe"}, {"text": None}):
            with self.assertRaises(gradc.ArgumentError):
                gradc.compile(**{"text": text, **wrong})
        with self.assertRaisesRegex(gradc.Error, "there is no backend 'magic'"):
            gradc.compile(text=text, backend="magic")

    def test_training_step(self):
        text = 'import "optim"\nfn loss(x[N], param a ~ zeros, param b ~ zeros) = mean((a + b * x - 1 - 2 * x)^2)'
        m = gradc.compile(text=text, train="loss", optimizer="sgd")
        step, = [f for name, f in m.functions.items() if name.endswith("_step")]
        settings = {a.name: 0.1 for a in step.inputs if a.role == "setting"}
        params = {k: np.array(v) for k, v in step.init(N=3).items()}
        for _ in range(2000):
            result = step(x=[0.0, 1.0, 2.0], **params, **settings)
        self.assertLess(result[0], 1e-12)
        np.testing.assert_allclose([params["a"], params["b"]], [1, 2], atol=1e-5)
        with self.assertRaisesRegex(gradc.ArgumentError, "a is written to: it must be a writeable array"):
            step([0.0, 1.0, 2.0], 1.0, params["b"], **settings)


class Memory(unittest.TestCase):
    def test_freed(self):
        def resident():
            with open("/proc/self/statm") as f:
                return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE")

        def rounds(n):
            for _ in range(n):
                m = gradc.compile(text=MODEL, backend="interp")
                m.f_grad(x, y, w, 2.0, True)
                try:
                    gradc.compile(text="fn f(x) = y")
                except gradc.ModelError:
                    pass

        if not os.path.exists("/proc/self/statm"):
            self.skipTest("no /proc")
        gc.disable()  # nothing waits for the collector of cycles
        rounds(20)
        before = resident()
        rounds(100)
        grown = resident() - before
        gc.enable()
        self.assertLess(grown, 8 << 20)

    def test_function_keeps_its_model(self):
        f = gradc.compile(text="fn f(x[n]) = sum(x)").f
        gc.collect()
        self.assertEqual(f([1, 2]).value, 3)

    def test_threads(self):
        wrong = []

        def work(seed):
            rng = np.random.default_rng(seed)
            for _ in range(200):
                n = int(rng.integers(1, 50))
                x, w = rng.normal(size=(n, 7)), rng.normal(size=7)
                r = model.f_grad(x, np.zeros(n, np.int32), w, 1.0, True)
                if not np.allclose(r.grad_w, 2 * x.T @ (x @ w)):
                    wrong.append(n)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=0)
    bad = len(program.result.failures) + len(program.result.errors)
    skipped = len(program.result.skipped)
    print(f"{program.result.testsRun - bad - skipped} passed, {bad} failed, {skipped} skipped")
    sys.exit(bad > 0)
