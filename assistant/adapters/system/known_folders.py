"""Where a person's downloads, pictures and the like are on this machine. Built by `app`."""

import os


def known_folders() -> dict[str, str]:
    """Return the absolute paths of downloads, desktop, documents, pictures, music and videos, as the system names them."""
    import platformdirs

    found = {
        "downloads": platformdirs.user_downloads_dir(),
        "desktop": platformdirs.user_desktop_dir(),
        "documents": platformdirs.user_documents_dir(),
        "pictures": platformdirs.user_pictures_dir(),
        "music": platformdirs.user_music_dir(),
        "videos": platformdirs.user_videos_dir(),
    }
    return {name: os.path.realpath(path) for name, path in found.items()}
