"""A synthetic site: known truth in, raw files like those a real site sends out."""
