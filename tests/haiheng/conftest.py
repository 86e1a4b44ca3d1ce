import pytest


@pytest.fixture
def media(settings, tmp_path):
    """An empty media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT
