"""The Python side of a worker: it loads and calls what the server asks for. Standard library only."""
