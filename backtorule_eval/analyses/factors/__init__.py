"""Which answers go together, and mean the same to everybody and every time? Confirmatory factor models."""
