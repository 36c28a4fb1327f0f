from . import (
    activations as activations,
)
from . import (
    checks as checks,
)
from . import (
    datasets as datasets,
)
from . import (
    diagnostics as diagnostics,
)
from . import (
    errors as errors,
)
from . import (
    explorers as explorers,
)
from . import (
    figures as figures,
)
from . import (
    gaussian as gaussian,
)
from . import (
    initialization as initialization,
)
from . import (
    networks as networks,
)
from . import (
    statistics as statistics,
)
from . import (
    textbook as textbook,
)
from .checks import check as check
from .checks import hint as hint
from .checks import predict as predict
from .checks import progress as progress
from .checks import verdict as verdict
from .errors import RelukitError as RelukitError
