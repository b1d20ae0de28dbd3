"""What a notebook holds in its hand: the study file, the study, the claim store."""
