"""Pages by which layers of the map come in, with every fault of a file in words."""

from enum import StrEnum

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import download
from portal.maps import geojson
from portal.maps.remarks import FAULTS, LAYERS, REPAIRS
from portal.maps.rules import LayerKind, Remark
from portal.plans import forms, service
from portal.plans.cards import EDITORS
from portal.plans.words import features_words, refuse

GEOJSON = "application/geo+json"
REMARKS: dict[StrEnum, LazyString] = FAULTS | REPAIRS


@requires(*EDITORS)
def layers(
    version_id: int,
    form: forms.LayerForm | None = None,
    faults: list[tuple[str, str, str]] | None = None,
) -> str:
    """Show the layers of the map, and what was wrong with the file that was handed in."""
    version = service.get_version(version_id)
    content = service.content_of(version)
    return render_template(
        "plans/layers.html",
        version=version,
        sheet=content.map,
        form=form or forms.LayerForm(formdata=None),
        faults=faults or [],
        layer_words=LAYERS,
        is_draft=not service.is_public(version),
    )


@requires(*EDITORS)
def add_layer(version_id: int) -> ResponseReturnValue:
    """Take a GeoJSON file: all of it, or none and the list of what is wrong."""
    form = forms.LayerForm()
    if not form.validate_on_submit():
        return layers(version_id, form), 422
    kind, upload = form.kind.data, form.file.data
    data = upload.read()
    try:
        with transaction():
            reading = service.put_layer(
                version_id, kind, data, filename=upload.filename or "", now=clock.now()
            )
            if reading.faults:
                raise _Unfit(reading.faults)
    except _Unfit as unfit:
        return layers(version_id, form, _grouped(unfit.faults)), 422
    except Refused as refused:
        refuse(form, refused)
        return layers(version_id, form), 422
    flash(_("%(num)s features were taken in.", num=len(reading.features)), "success")
    for which, words, _detail in _grouped(reading.repairs):
        flash(f"{which}: {words}", "success")
    return redirect(url_for(".layers", version_id=version_id), 303)


class _Unfit(Exception):
    """The file has faults; whatever was begun with it is undone."""

    def __init__(self, faults: tuple[Remark, ...]) -> None:
        super().__init__(len(faults))
        self.faults = faults


def _grouped(remarks: tuple[Remark, ...]) -> list[tuple[str, str, str]]:
    """Return which features, what, and a detail: equal remarks together."""
    groups: dict[tuple[str, str], list[int | None]] = {}
    for remark in remarks:
        words = REMARKS[remark.reason]
        groups.setdefault((str(words), remark.detail), []).append(remark.feature)
    return [(features_words(which), *key) for key, which in groups.items()]


@requires(*EDITORS)
def layer_file(version_id: int, kind: str) -> ResponseReturnValue:
    """Hand out a layer as GeoJSON, as it lies here."""
    sheet = service.content_of(service.get_version(version_id)).map
    features = sheet.layer(LayerKind(kind)) if sheet and kind in set(LayerKind) else ()
    return download(geojson.write(features), f"{kind}.geojson", GEOJSON)
