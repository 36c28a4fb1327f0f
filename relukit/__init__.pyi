from . import activations as activations
from . import checks as checks
from . import datasets as datasets
from . import diagnostics as diagnostics
from . import errors as errors
from . import explorers as explorers
from . import figures as figures
from . import gaussian as gaussian
from . import initialization as initialization
from . import ledger as ledger
from . import lessons as lessons
from . import networks as networks
from . import room as room
from . import statistics as statistics
from . import training as training
from .checks import check as check
from .checks import hint as hint
from .checks import progress as progress
from .errors import RelukitError as RelukitError
from .ledger import predict as predict
from .ledger import prediction as prediction
from .ledger import verdict as verdict

__version__: str
