"""Scenarios: experiments with a title, a question and what they prove, as TOML files."""
