from . import explorers as explorers
from . import figures as figures
from .experiments.fifty import more_floors as more_floors
from .experiments.layers import passages as passages
from .experiments.likeness import through_layers as through_layers
from .experiments.started import reached as reached
from .experiments.trained import accuracy_by_bias as accuracy_by_bias
from .experiments.trained import deep_accuracy as deep_accuracy
