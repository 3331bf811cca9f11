"""What the process is to the system: its memory and threads, what it prints, how it ends."""
