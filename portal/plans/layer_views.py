"""Pages by which layers of the map come in: handed in, looked at with every fault, then kept."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import download
from portal.maps import geojson
from portal.maps.remarks import KNOWN, LAYERS, crs_words, explain
from portal.maps.rules import Fault, LayerKind
from portal.maps.service import layers_in, read_file
from portal.maps.sources import AUTO, CHOICES, CrsChoice, FileReading
from portal.plans import forms, layering, service
from portal.plans.cards import EDITORS
from portal.plans.models import LayerUpload
from portal.plans.words import refuse

GEOJSON = "application/geo+json"
LEFT_OUT = "-"


@requires(*EDITORS)
def layers(version_id: int, form: forms.LayerForm | None = None) -> str:
    """Show the layers of the map, the files that wait, and the form for another."""
    version = service.get_version(version_id)
    content = service.content_of(version)
    return render_template(
        "plans/layers.html",
        version=version,
        sheet=content.map,
        form=form or forms.LayerForm(formdata=None),
        waiting=layering.list_uploads(version_id),
        layer_words=LAYERS,
        is_draft=not service.is_public(version),
    )


@requires(*EDITORS)
def add_layer(version_id: int) -> ResponseReturnValue:
    """Take a map file of any format to be looked at; nothing of it is in the plan yet."""
    form = forms.LayerForm()
    if not form.validate_on_submit():
        return layers(version_id, form), 422
    given = form.file.data
    try:
        with transaction():
            upload = layering.hand_in(
                version_id, given.filename or "", given.read(), now=clock.now()
            )
            upload_id = upload.id
    except Refused as refused:
        refuse(form, refused)
        return layers(version_id, form), 422
    return redirect(url_for(".layer_upload", version_id=version_id, upload_id=upload_id), 303)


@requires(*EDITORS)
def layer_upload(version_id: int, upload_id: int) -> ResponseReturnValue:
    """Show what was understood of a file: layers, systems, numbers, areas, repairs and faults."""
    upload = layering.get_upload(version_id, upload_id)
    reading = read_file(upload.filename, upload.data)
    return _look(upload, reading, _Choices()), 422 if reading.faults else 200


@requires(*EDITORS)
def decide_upload(version_id: int, upload_id: int) -> ResponseReturnValue:
    """Look again with other choices, take all of it in, or throw it away."""
    upload = layering.get_upload(version_id, upload_id)
    deed = request.form.get("deed")
    if deed == "away":
        with transaction():
            layering.throw_away(version_id, upload_id)
        flash(_("The file was thrown away; nothing of it is in the plan."), "success")
        return redirect(url_for(".layers", version_id=version_id), 303)
    if deed not in ("look", "keep"):
        abort(422)
    choices = _Choices.given()
    reading = read_file(upload.filename, upload.data, crs=choices.crs, kinds=choices.kinds)
    if deed == "look":
        return _look(upload, reading, choices)
    if not choices.fit(reading) or choices.faulty(reading):
        return _look(upload, reading, choices), 422
    found = layers_in(reading, without=choices.without)
    try:
        with transaction():
            layering.take_in(version_id, upload_id, found, now=clock.now())
    except Refused as refused:
        form = forms.LayerForm(formdata=None)
        refuse(form, refused)
        return layers(version_id, form), 422
    count = sum(len(features) for features in found.values())
    flash(_("%(num)s features were taken in.", num=count), "success")
    return redirect(url_for(".layers", version_id=version_id), 303)


class _Choices:
    """What was chosen for the layers of a file: coordinate systems, kinds, what to leave out."""

    def __init__(self) -> None:
        self.crs: dict[str, CrsChoice] = {}
        self.kinds: dict[str, LayerKind | None] = {}
        self.without: set[str] = set()

    @classmethod
    def given(cls) -> "_Choices":
        """Return the choices of the form that was sent."""
        choices = cls()
        for place in range(100):
            key = request.form.get(f"key-{place}")
            if key is None:
                break
            kind, crs = request.form.get(f"kind-{place}"), request.form.get(f"crs-{place}", "")
            if kind == LEFT_OUT:
                choices.without.add(key)
            choices.kinds[key] = LayerKind(kind) if kind in set(LayerKind) else None
            if crs in CHOICES and crs != AUTO.key:
                choices.crs[_layer_of(key)] = CHOICES[crs]
        return choices

    def crs_of(self, key: str) -> str:
        """Return the key of the coordinate system that was chosen for a source's layer."""
        return self.crs.get(_layer_of(key), AUTO).key

    def fit(self, reading: FileReading) -> bool:
        """Say whether every layer was seen before it is kept, and one at least is to be kept."""
        keys = {source.key for source in reading.sources}
        return keys == set(self.kinds) and bool(keys - self.without)

    def faulty(self, reading: FileReading) -> bool:
        """Say whether anything that is to be kept has a fault."""
        kept = [source for source in reading.sources if source.key not in self.without]
        return bool(reading.faults) or any(source.faults for source in kept)


def _layer_of(key: str) -> str:
    """Return the key of a layer as a whole: its areas, lines and points are in one system."""
    return key.rpartition("|")[0] + "|"


def _look(upload: LayerUpload, reading: FileReading, choices: _Choices) -> str:
    faults = {
        source.key: explain(fault for fault in source.faults if fault.reason is not Fault.NO_KIND)
        for source in reading.sources
    }
    return render_template(
        "plans/layer_upload.html",
        upload=upload,
        version=service.get_version(upload.version_id),
        reading=reading,
        choices=choices,
        file_faults=explain(reading.faults),
        faults=faults,
        repairs={source.key: explain(source.repairs) for source in reading.sources},
        layer_words=LAYERS,
        known_words=KNOWN,
        crs_words=crs_words,
        systems=list(CHOICES),
        left_out=LEFT_OUT,
        is_ready=bool(reading.sources) and not choices.faulty(reading),
    )


@requires(*EDITORS)
def layer_file(version_id: int, kind: str) -> ResponseReturnValue:
    """Hand out a layer as GeoJSON, as it lies here."""
    sheet = service.content_of(service.get_version(version_id)).map
    features = sheet.layer(LayerKind(kind)) if sheet and kind in set(LayerKind) else ()
    return download(geojson.write(features), f"{kind}.geojson", GEOJSON)
