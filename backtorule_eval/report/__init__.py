"""Releasable results in, words, tables, figures and pages out."""
