"""Models and their symbolic derivatives as functions of NumPy arrays.

    import gradc
    model = gradc.compile("mlp.dg")
    params = model.loss_grad.init(seed=1, D=784, H=512, K=10)
    result = model.loss_grad(x=x, y=y, decay=1e-4, **params)
    result.value, result.grad_W1

A model is compiled by libgradc, in this process. Arrays whose type and layout fit are handed over
as they are, others are converted. What is wrong with a model or a call is an exception: ModelError,
ArgumentError, BoundsError, all of them an Error.

libgradc is looked for where $GRADC_LIBRARY says, in the source tree or prefix that this package is
in, and where the system looks for libraries.
"""

from ._errors import ArgumentError, BoundsError, Error, Message, ModelError
from ._library import VERSION as __version__
from ._model import Argument, Function, Model, Pattern, compile

__all__ = [
    "compile",
    "Model",
    "Function",
    "Argument",
    "Pattern",
    "Error",
    "ModelError",
    "ArgumentError",
    "BoundsError",
    "Message",
]
