"""Helpers of the tests of catalog-shops."""
