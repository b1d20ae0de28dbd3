"""A synthetic site: known truth in, raw files like those a real site sends out."""

from backtorule_eval.synthetic.writing import mapping_text, write_site

__all__ = ["mapping_text", "write_site"]
