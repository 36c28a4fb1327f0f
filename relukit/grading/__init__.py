"""Grade submissions where they cannot cheat, hang or leak: `relukit grade`."""
