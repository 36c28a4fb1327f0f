"""Python, the packages, and the kernel that JupyterLab would start."""

import platform
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from relukit.doctor.files import course_folder
from relukit.doctor.finding import Finding
from relukit.handout.lab import has_lab
from relukit.handout.source import checkout

DISTRIBUTION = "relukit"
INSTALL = (
    "in the course's folder: python -m pip install -e '.[lab]' -c constraints.txt"
    if checkout()
    else "python -m pip install --upgrade 'relukit[lab]'"
)


def python() -> Finding:
    """Compare this Python with the oldest one that the course allows."""
    from packaging.specifiers import SpecifierSet

    allowed = metadata.metadata(DISTRIBUTION)["Requires-Python"] or ""
    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if platform.python_version() not in SpecifierSet(allowed, prereleases=True):
        return Finding("python", "problem", f"{said}; Python {allowed} is needed", "install one")
    return Finding("python", "ok", said)


def packages() -> Finding:
    """Look for every package that the course requires, within its bounds."""
    from packaging.requirements import Requirement

    missing, unfit = [], []
    required = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or ()]
    required = [r for r in required if r.marker is None or r.marker.evaluate({"extra": ""})]
    for requirement in required:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            missing.append(requirement.name)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            unfit.append(f"{requirement.name} {version} (not {requirement.specifier})")
    lists = {"missing": missing, "out of bounds": unfit}
    said = [f"{what}: {', '.join(names)}" for what, names in lists.items() if names]
    if said:
        return Finding("packages", "problem", "; ".join(said), INSTALL)
    return Finding("packages", "ok", f"all {len(required)} that the course needs")


def versions() -> Finding:
    """Compare the installed versions with the pinned ones, where the checkout has them."""
    folder = course_folder()
    if folder is None or not (folder / "constraints.txt").is_file():
        return Finding("versions", "ok", "not compared: there is no constraints.txt here")
    text = (folder / "constraints.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", text, flags=re.MULTILINE))
    installed = {name: _version(name) for name in pins}
    compared = {name: version for name, version in installed.items() if version}
    other = [f"{n} {v} ({pins[n]})" for n, v in compared.items() if v != pins[n]]
    if other:
        listed = ", ".join(other[:4]) + (f" and {len(other) - 4} more" if other[4:] else "")
        return Finding(
            "versions",
            "note",
            f"{len(other)} of {len(compared)} differ from constraints.txt: {listed}",
            "nothing, unless an output differs from the stored one; then " + INSTALL,
        )
    return Finding("versions", "ok", f"all {len(compared)} are those of constraints.txt")


def _version(name: str) -> str:
    """Return an installed version without its local part (+cpu), or ""."""
    try:
        return metadata.version(name).split("+")[0]
    except metadata.PackageNotFoundError:
        return ""


def kernel() -> Finding:
    """Find out whether the kernel of the notebooks runs the Python that has the course."""
    from jupyter_client.kernelspec import KernelSpecManager

    spec = KernelSpecManager().get_kernel_spec("python3")
    program = spec.argv[0]
    own = re.fullmatch(r"python(\d(\.\d+)?)?", program) or _same(program)
    said = f"the notebooks run {sys.executable if own else program}"
    if own:
        return Finding("kernel", "ok", said)
    do = f"remove that kernel (jupyter kernelspec list): {spec.resource_dir}"
    return Finding("kernel", "problem", f"{said}, and this is {sys.executable}", do)


def _same(program: str) -> bool:
    found = shutil.which(program)
    # the link itself: two environments may share one interpreter
    return found is not None and Path(found).absolute() == Path(sys.executable).absolute()


def lab() -> Finding:
    """Look for JupyterLab, which whoever has another Jupyter does not need."""
    if has_lab():
        return Finding("lab", "ok", f"JupyterLab {metadata.version('jupyterlab')}")
    do = "nothing where you open the notebooks in another Jupyter; else " + INSTALL
    return Finding("lab", "note", "no JupyterLab beside this Python", do)
