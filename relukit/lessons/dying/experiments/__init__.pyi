from . import autopsy as autopsy
from . import birth as birth
from . import causes as causes
from . import cliff as cliff
from . import lifelines as lifelines
from . import meaning as meaning
from . import remedies as remedies
