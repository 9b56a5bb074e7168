"""The pieces in ui.html: what goes in is escaped, and each carries what assistive tools need."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import render_template_string
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.forms import Form

BAD = "<evil>&\"'"
SAFE = "&lt;evil&gt;&amp;&#34;&#39;"


class Sample(Form):
    """One field of each kind."""

    name = StringField("Name <i>", [DataRequired("Please <b>say</b> who you are")])
    note = StringField("Note")
    choice = RadioField(
        "Choice",
        [DataRequired("Choose one")],
        choices=[SelectChoice("yes", "Yes <i>"), SelectChoice("no", "No")],
    )
    wishes = SelectMultipleField(
        "Wishes",
        choices=[SelectChoice("road", "Road")],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    public = BooleanField("With my name")


@pytest.fixture
def render(make_app):
    """Render a template that has the pieces at hand, in English."""
    app = make_app(create=False)
    with app.test_request_context(headers={"Cookie": "look=normal.20.auto.en"}):
        app.preprocess_request()

        def _render(source, **facts):
            source = '{% import "ui.html" as ui with context %}' + source
            return re.sub(r"\s+", " ", render_template_string(source, **facts))

        yield _render


@pytest.mark.parametrize(
    "call",
    [
        "ui.page_head(bad, lead=bad)",
        "ui.page_head(bad, back=bad)",
        "ui.cell(bad, bad, bad, bad, 'good', bad)",
        "ui.chip(bad)",
        "ui.timeline([{'word': bad, 'state': 'now', 'when': bad}])",
        "ui.figure(bad, bad, bad)",
        "ui.bar(bad, 1, 2, bad)",
        "ui.receipt(bad, bad, [bad, (bad, bad)])",
        "ui.empty(bad, bad, bad, bad)",
        "ui.bubble({'who': bad, 'text': bad, 'when': bad, 'mine': true, 'badge': bad})",
        "ui.bubble(bad, bad, bad, false, bad)",
        "ui.name(bad)",
        "ui.button(bad, bad)",
        "ui.submit(bad)",
    ],
)
def test_what_people_wrote_is_escaped(render, call):
    html = render("{{ " + call + " }}", bad=BAD)
    assert SAFE in html
    assert "<evil" not in html


def test_a_piece_that_wraps_others_keeps_their_markup(render):
    html = render(
        "{% call ui.card(bad) %}<p>{{ bad }}</p>{% endcall %}"
        "{% call ui.cells() %}{{ ui.cell('A', '/a') }}{% endcall %}",
        bad=BAD,
    )
    assert f"<h2>{SAFE}</h2>" in html
    assert f"<p>{SAFE}</p>" in html
    assert '<ul class="cells"><li><a class="cell" href="/a">' in html


def test_a_chip_tells_its_kind_by_a_sign_too(render):
    signs = {
        kind: re.search(r'aria-hidden="true">(.)<', render("{{ ui.chip('x', kind) }}", kind=kind))[
            1
        ]
        for kind in ("neutral", "good", "warn", "danger", "info")
    }
    assert len(set(signs.values())) == 5


@pytest.fixture
def refused():
    """A form that was sent with nothing in it."""

    def _refused():
        form = Sample(formdata=None, meta={"csrf": False})
        form.validate()
        return form

    return _refused


def test_the_summary_leads_to_each_mistake(render, refused):
    html = render("{{ ui.error_summary(form) }}", form=refused())
    assert 'role="alert"' in html
    assert '<a href="#name">Name &lt;i&gt;</a> — Please &lt;b&gt;say&lt;/b&gt; who you are' in html
    assert '<a href="#choice-0">Choice</a> — Choose one' in html
    assert 'id="choice-0"' in render("{{ ui.field(form.choice) }}", form=refused())


def test_no_mistake_no_summary(render, refused):
    form = Sample(formdata=None, meta={"csrf": False})
    assert render("{{ ui.error_summary(form) }}", form=form).strip() == ""


def test_a_field_has_its_label_hint_and_error_above_it(render, refused):
    html = render("{{ ui.field(form.name, hint=bad) }}", form=refused(), bad=BAD)
    label, hint = html.index('<label for="name">'), html.index(f'id="name-hint">{SAFE}')
    error, entry = html.index('id="name-error"'), html.index("<input")
    assert label < hint < error < entry
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert "may stay empty" not in html


def test_what_may_stay_empty_says_so(render, refused):
    html = render("{{ ui.field(form.note) }}", form=refused())
    assert "(may stay empty)" in html
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_the_whole_row_of_an_option_can_be_touched(render, refused):
    html = render("{{ ui.options(form.choice, {'yes': bad}) }}", form=refused(), bad=BAD)
    assert re.search(r'<label class="option"><input[^>]*type="radio"[^>]*value="yes"', html)
    assert f"<b>Yes &lt;i&gt;</b><small>{SAFE}</small>" in html
    assert "<legend>Choice</legend>" in html
    html = render("{{ ui.options(form.wishes) }}{{ ui.field(form.public) }}", form=refused())
    assert len(re.findall(r'<label class="option"><input[^>]*type="checkbox"', html)) == 2


def test_a_bar_speaks_and_survives_nobody_having_voted(render):
    html = render("{{ ui.bar('Yes', 0, 0, '0 votes') }}")
    assert '<progress value="0" max="1" aria-label="Yes: 0 votes">' in html


def test_a_receipt_shows_its_code_in_groups_of_four(render):
    html = render("{{ ui.receipt('Done', '7F3K9Q2MXW', [('When', 'today'), 'Final.']) }}")
    assert "<span>7F3K</span><span>9Q2M</span><span>XW</span>" in html
    assert "<dt>When</dt><dd>today</dd>" in html
    assert "<div><dd>Final.</dd></div>" in html


def test_only_rare_names_ask_for_the_font(render):
    assert render("{{ ui.name('王𬭚明') }}") == '<span class="rare">王𬭚明</span>'
    assert render("{{ ui.name('王明') }}") == "王明"


def test_a_deadline_is_readable_by_machines_too(render):
    closes_at = clock.now() + timedelta(days=1, hours=12)
    html = render("{{ ui.deadline(closes_at) }}", closes_at=closes_at)
    assert f'<time datetime="{closes_at.isoformat()}">' in html
    assert 'class="deadline urgent"' in html


def test_the_timeline_says_where_we_are(render):
    steps = [
        SimpleNamespace(word="Drawn up", state="done", when="1 May"),
        SimpleNamespace(word="On notice", state="now", when=None),
        SimpleNamespace(word="Vote", state="next", when=None),
    ]
    html = render("{{ ui.timeline(steps) }}", steps=steps)
    assert re.findall(r'<span class="sr">(.*?)</span>', html) == ["done", "now", "still to come"]
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 429, 500])
def test_every_error_page_says_what_happened_and_what_to_do(render, code):
    html = render('{% include "error.html" %}', code=code)
    title, happened, lost, advice = re.search(
        r"<h1>(.*?)</h1> <p>(.*?)</p> <p class=\"soft\">(.*?)</p> <p><b>(.*?)</b></p>", html
    ).groups()
    assert all((title, happened, advice))
    assert lost == "Nothing that you had finished is lost."
    assert 'class="button main"' in html


def test_no_script_or_style_stands_in_a_page(render):
    html = render('{% include "error.html" %}', code=404)
    assert "<style" not in html
    assert not re.search(r"\sstyle=|\son\w+=", html)
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("", 'lang="zh-Hans" dir="ltr" data-mode="normal" data-theme="auto" class="size-17"'),
        (
            "elder.26.dark.en",
            'lang="en" dir="ltr" data-mode="elder" data-theme="dark" class="size-26"',
        ),
    ],
)
def test_the_page_wears_the_look_that_was_chosen(make_app, cookie, expected):
    client = make_app().test_client()
    client.set_cookie("look", cookie)
    assert expected in client.get("/no-such-page").text
