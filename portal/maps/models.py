"""Map sheets on disk."""

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import JsonDict, VillageRow
from portal.maps.rules import LayerKind


class MapSheet(VillageRow):
    """A map: a title, where its data comes from, and its layers."""

    __tablename__ = "map_sheet"

    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200), default="")


class MapLayer(VillageRow):
    """Everything of one kind on a sheet."""

    __tablename__ = "map_layer"
    __table_args__ = (UniqueConstraint("sheet_id", "kind"),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("map_sheet.id", ondelete="CASCADE"))
    kind: Mapped[LayerKind]
    filename: Mapped[str] = mapped_column(String(200), default="")


class MapFeature(VillageRow):
    """One thing on the map, as GeoJSON in degrees (CGCS2000), valid and measured.

    `base_code`: the class of land use that a planned parcel has now, empty where unknown.
    """

    __tablename__ = "map_feature"
    __table_args__ = (UniqueConstraint("layer_id", "number"),)

    layer_id: Mapped[int] = mapped_column(ForeignKey("map_layer.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="")
    code: Mapped[str] = mapped_column(String(20), default="")
    base_code: Mapped[str] = mapped_column(String(20), default="")
    ref: Mapped[str] = mapped_column(String(20), default="")
    geometry: Mapped[JsonDict]
    area_m2: Mapped[int] = mapped_column(BigInteger)
