"""The one step a declaration in pyproject.toml cannot say: catalogues are compiled before they are packed."""

import importlib.util
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithCatalogues(build_py):
    """Compile translations/**/*.po, then build as usual."""

    def run(self) -> None:
        """Do both."""
        spec = importlib.util.spec_from_file_location("catalogues", HERE / "app" / "catalogues.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(HERE / "app" / "catalogues.py")
        catalogues = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(catalogues)
        catalogues.compile_catalogues(HERE / "translations")
        super().run()


setup(cmdclass={"build_py": BuildWithCatalogues})
