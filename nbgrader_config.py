"""nbgrader's names for this course's folders: generate_assignment, formgrader, exchange."""

c = get_config()  # noqa: F821 - nbgrader defines it
c.CourseDirectory.course_id = "relukit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# The default name, "solution", is too near to the source folder to be safe.
c.CourseDirectory.solution_directory = "generated_solutions"
