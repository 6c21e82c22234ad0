"""Measurements beside a floor in the same run. Not part of the product."""
