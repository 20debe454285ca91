"""Kinds of files whose globs are too long to show, with their names for people. Pure; used by understanding and planner."""

SCREENSHOTS = "{Screenshot,Screen Shot,screenshot,Скриншот,скриншот,Снимок экрана}*"
IMAGES = "*.{jpg,jpeg,png,gif,webp,heic,bmp,tif,tiff}"
NAMES = {SCREENSHOTS: ("screenshots", "скриншоты"), IMAGES: ("pictures", "картинки")}
"""What a glob is called in English and Russian."""
