"""The map layers of a bundle: what each seems to be, what somebody chose, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry import shape

from portal.intake.archive import Member
from portal.intake.faults import Fault, Findings, Note, Place
from portal.maps import service as maps
from portal.maps.rules import ALLOWED, Feature, LayerKind
from portal.maps.rules import Fault as LayerFault
from portal.maps.sources import AUTO, CHOICES, CrsChoice, Known, Source

LONGITUDES = (73, 136)
LATITUDES = (3, 54)
"""Where China lies, in degrees."""
LEAVE_OUT = "leave-out"
QUESTIONS = frozenset({LayerFault.NO_KIND})
"""What is no fault here: whoever hands the file in is asked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody said of a layer: its kind (or to leave it out), its coordinate system."""

    kind: str = ""
    crs: str = ""


@dataclass(frozen=True, slots=True)
class MapLayerRead:
    """One layer of a file. ``kind`` None: nobody has said yet what it shows."""

    key: str
    file: str
    name: str
    kind: LayerKind | None
    is_left_out: bool
    kinds: tuple[LayerKind, ...]
    crs: str
    must_choose_crs: bool
    candidates: tuple[str, ...]
    count: int
    area_m2: int
    features: tuple[Feature, ...]

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to be said about it."""
        return self.is_left_out or (self.kind is not None and not self.must_choose_crs)


def read_layers(
    members: Sequence[Member], choices: Mapping[str, Choice], findings: Findings
) -> list[MapLayerRead]:
    """Read the layers of every map file; the key of a layer names it in the whole bundle."""
    layers = [layer for member in members for layer in _read(member, choices, findings)]
    first: dict[LayerKind, MapLayerRead] = {}
    for layer in layers:
        if layer.kind is None or layer.is_left_out:
            continue
        if layer.kind in first:
            place = Place(file=layer.file, sheet=layer.name)
            other = first[layer.kind]
            findings.refuse(
                Fault.LAYER_TWICE,
                place,
                layer.kind.value,
                first=f"{other.file} {other.name}".strip(),
            )
        first.setdefault(layer.kind, layer)
    return layers


def _read(member: Member, choices: Mapping[str, Choice], findings: Findings) -> list[MapLayerRead]:
    prefix = f"{member.name}|"
    of_it = {k[len(prefix) :]: c for k, c in choices.items() if k.startswith(prefix)}
    crs: dict[str, CrsChoice] = {k: CHOICES[c.crs] for k, c in of_it.items() if c.crs in CHOICES}
    kinds = {
        key: LayerKind(choice.kind) if choice.kind in set(LayerKind) else None
        for key, choice in of_it.items()
        if choice.kind
    }
    filename = member.name.removesuffix(".zip") + (".zip" if _is_packed(member) else "")
    reading = maps.read_file(filename, member.data, crs=crs or AUTO, kinds=kinds or None)
    for fault in reading.faults:
        findings.refuse(
            Fault.LAYER, Place(file=_file(member), sheet=fault.layer), fault.detail,
            why=fault.reason.value,
        )  # fmt: skip
    layers = []
    for source in reading.sources:
        choice = of_it.get(source.key, Choice())
        is_left_out = choice.kind == LEAVE_OUT
        if not is_left_out:
            _say(member, source, findings)
        else:
            findings.tell(
                Note.LAYER_LEFT_OUT, Place(file=_file(member), sheet=source.name), source.name
            )
        layers.append(_layer(member, prefix, source, is_left_out=is_left_out))
    return layers


def _file(member: Member) -> str:
    """Return what a file was called before its pieces were packed together."""
    return member.name.removesuffix(".zip") if _is_pieces(member) else member.name


def _is_pieces(member: Member) -> bool:
    return member.name.lower().endswith((".shp.zip", ".gdb.zip"))


def _is_packed(member: Member) -> bool:
    return _is_pieces(member) or member.ending == ".zip"


def _layer(member: Member, prefix: str, source: Source, *, is_left_out: bool) -> MapLayerRead:
    fits = tuple(
        kind for kind in LayerKind if source.family is None or source.family in ALLOWED[kind]
    )
    return MapLayerRead(
        key=prefix + source.key,
        file=_file(member),
        name=source.name,
        kind=source.kind,
        is_left_out=is_left_out,
        kinds=fits,
        crs=source.crs,
        must_choose_crs=source.known is Known.ASKED and bool(source.candidates) and not is_left_out,
        candidates=tuple(choice.key for choice in source.candidates),
        count=len(source.features),
        area_m2=source.area_m2,
        features=source.features,
    )


def _say(member: Member, source: Source, findings: Findings) -> None:
    """Say what is wrong with a layer, and what was put right, feature by feature."""
    if source.features:
        east, north = shape(source.features[0].geometry).bounds[:2]
        if not (LONGITUDES[0] <= east <= LONGITUDES[1] and LATITUDES[0] <= north <= LATITUDES[1]):
            place = Place(file=_file(member), sheet=source.name)
            findings.refuse(Fault.LAYER_ABROAD, place, f"{east:.2f}, {north:.2f}")
    for fault in source.faults:
        if fault.reason in QUESTIONS or (source.known is Known.ASKED and source.candidates):
            continue
        place = Place(
            file=_file(member),
            sheet=source.name,
            feature=fault.feature or 0,
            head=fault.column,
        )
        findings.refuse(Fault.LAYER, place, fault.detail, why=fault.reason.value)
    for repair in source.repairs:
        place = Place(file=_file(member), sheet=source.name, feature=repair.feature or 0)
        findings.tell(Note.LAYER_REPAIRED, place, repair.detail, why=repair.reason.value)
