"""Where answers run: a process that is limited, isolated, and not believed."""
