"""Animations: which moment of a scene each frame of a clip shows, and what is said about it; no Qt."""
