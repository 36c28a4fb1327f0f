"""How Sphinx makes the course's web site; `make site` lays out the sources and runs it."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "ext"), str(HERE.parent / "tools"), str(HERE.parent)]

from relu_site import course  # noqa: E402

import relukit  # noqa: E402

project = "relukit"
author = "the relukit authors"
copyright = "the relukit authors. Text CC BY 4.0, code BSD 3-Clause"  # noqa: A001 - Sphinx's name
version = release = relukit.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.githubpages",
    "sphinx.ext.napoleon",
    "relu_site",
]
exclude_patterns = ["_extra", "_made"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
html_math_renderer = "mathml"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_numpy_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "relukit"
html_static_path = ["static"]
html_extra_path = []
templates_path = ["templates"]
html_css_files = ["film.css", "site.css", "parts.css"]
html_js_files = [("course.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_favicon = "static/favicon.svg"
html_baseurl = course.addresses().get("Documentation", "")
html_context = {"site_address": html_baseurl}
pygments_style = "relu_site.look.Light"
pygments_dark_style = "relu_site.look.Dark"
html_theme_options = {"top_of_page_buttons": []}
