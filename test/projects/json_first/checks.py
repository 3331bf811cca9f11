def long_enough(output):
    """Refuses what is short."""
    return (len(output.raw) > 100, output.raw)
