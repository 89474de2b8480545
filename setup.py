"""What pyproject.toml cannot say: catalogues are compiled, and the guides go with the code."""

import importlib.util
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class BuildWithCatalogues(build_py):
    """Compile translations/**/*.po, build as usual, put docs/guide where app/views/guides.py looks."""

    def run(self) -> None:
        """Do both."""
        spec = importlib.util.spec_from_file_location("catalogues", HERE / "app" / "catalogues.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(HERE / "app" / "catalogues.py")
        catalogues = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(catalogues)
        catalogues.compile_catalogues(HERE / "translations")
        super().run()
        shutil.copytree(HERE / "docs" / "guide", Path(self.build_lib) / "app" / "guide", dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithCatalogues})
