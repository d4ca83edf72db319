"""newton.py - minimises Rosenbrock's function by Newton's method, with the gradient and the Hessian of
examples/rosenbrock.dg.

    PYTHONPATH=runtime/python python3 examples/host/python/newton.py [N]
"""

import os
import sys

import numpy

import gradc

here = os.path.dirname(os.path.abspath(__file__))
try:
    model = gradc.compile(os.path.join(here, "..", "..", "rosenbrock.dg"))
except gradc.ModelError as e:
    sys.exit(str(e))  # with file, line and a caret under the place

n = int(sys.argv[1]) if len(sys.argv) > 1 else 2
x = numpy.resize([-1.2, 1.0], n)  # the usual start
hessian = numpy.empty((n, n))  # written to in every turn
for turn in range(200):
    value, grad = model.rosenbrock_grad(x)
    norm = numpy.linalg.norm(grad)
    print(f"{turn:3d}  f = {value:<22.15g} |grad| = {norm:.3g}")
    if norm < 1e-9:
        break
    model.rosenbrock_hessian.into({"hess_x": hessian}, x)
    # the curvature in each direction, made positive, so that the step leads downwards
    curvature, direction = numpy.linalg.eigh(hessian)
    step = direction @ (direction.T @ grad / numpy.maximum(abs(curvature), 1e-8))
    t = 1.0
    while model.rosenbrock(x - t * step).value > value - 1e-4 * t * (grad @ step) and t > 1e-12:
        t /= 2
    x = x - t * step
print("x =", *(f"{v:.9g}" for v in x))
