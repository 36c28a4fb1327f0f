"""Which build of torch was taken, what it costs on the disk, and whether anything here uses it."""

from importlib import metadata

from relukit.doctor.finding import Finding

# what the builds for graphics cards bring along, as distributions of their own
_BROUGHT = ("nvidia-", "cuda-", "triton", "pytorch-triton")
_DO = (
    "nothing, or to save that room put the CPU build in its place, as docs/how_to_run.md says "
    "under 'Which torch'"
)


def torch_build() -> Finding:
    """Name the build, and note one for a card where there is none."""
    import torch

    card = torch.version.cuda or torch.version.hip
    kind = (
        f"built for {'CUDA' if torch.version.cuda else 'ROCm'} {card}" if card else "built for CPUs"
    )
    said = f"torch {torch.__version__.split('+')[0]}, {kind}, {taken() / 1e9:.1f} GB on the disk"
    if card and not torch.cuda.is_available():
        return Finding("torch", "note", f"{said}; no card for it works here", _DO)
    return Finding("torch", "ok", said)


def taken() -> int:
    """Return the bytes of torch and of what its build brought along, as their installer noted."""
    return sum(
        file.size or 0
        for found in metadata.distributions()
        if (name := found.name.lower()) == "torch" or name.startswith(_BROUGHT)
        for file in found.files or ()
    )
