"""Buttons, fields, sliders, forms, dialogs and the theme, shared by the whole window."""
