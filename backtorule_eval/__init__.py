"""Evaluation workbook for Back to Rule."""
