"""The tasks of the lesson, one a file; lesson.toml gives their order."""
