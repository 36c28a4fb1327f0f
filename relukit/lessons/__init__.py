"""The lessons, one folder each: its claims, experiments, figures, explorers and tasks."""
