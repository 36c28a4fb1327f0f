"""What comes of it: gradebooks, and reports for students and for the class."""
