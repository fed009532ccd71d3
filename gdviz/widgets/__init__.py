"""Buttons, fields, sliders, forms, dialogs and the theme that all of the window shares."""
