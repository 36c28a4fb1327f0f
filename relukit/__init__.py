"""relukit: a course on the rectifier that tests what the textbooks say.

Every public name is loaded when it is first used (SPEC 1), so that `import relukit` costs no torch.
"""

import sys

_asked_for = sys.argv[:1] == ["-m"] and {"relukit", "-mrelukit"} & {*sys.orig_argv}
if _asked_for and not sys.flags.safe_path:  # `python -m relukit`, while it looks for the package
    del sys.path[0]  # the current folder: it may be a submission, and holds nothing of ours

import lazy_loader  # noqa: E402

from relukit import processors  # noqa: E402

processors.settle()  # before torch is loaded
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
