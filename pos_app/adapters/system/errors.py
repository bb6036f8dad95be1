"""What a folder or file of the shop can refuse."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class ShopFolderUnusable(PosError):
    """The folder cannot be written. Facts: `folder`, `reason`."""

    code: ClassVar[str] = "shop-folder-unusable"
