"""Values of a crew's code: where they come from, what they are, and as JSON."""
