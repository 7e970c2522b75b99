"""How long the program takes, always beside a known quantity measured in the same run."""
