from . import explorers as explorers
from . import figures as figures
from .experiments.layers import cost_of_a_layer as cost_of_a_layer
from .experiments.teeth import missed as missed
from .experiments.weak_tests import WRONG as WRONG
from .experiments.weak_tests import rejected as rejected
