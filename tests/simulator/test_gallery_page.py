"""The gallery shows every message, what is wrong with it, and where: one file, no script."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.simulator.gallery import command as commands
from bot.simulator.gallery.command import UnknownServiceError, write_gallery
from bot.simulator.gallery.listing import listing
from bot.simulator.gallery.page import gallery
from bot.simulator.inspector.sources import Sources
from bot.simulator.render.markup import Html, element
from bot.simulator.render.static_page import lifeless, page
from content.catalog import Catalog, survey
from tests.content.folder import shipped, spoken
from tests.simulator_web.markup import Read, read

LONG = "これはとても長くて上限の二十文字を超えるボタンです"


@pytest.fixture(scope="module")
def made(catalog: Catalog) -> str:
    """The gallery of one shipped service."""
    return gallery(listing(catalog, "yakukyari"), Sources(catalog), catalog.version)


@pytest.fixture(scope="module")
def seen(made: str) -> Read:
    """The same, as a browser reads it."""
    return read(made)


def test_every_message_is_there_with_an_address_of_its_own(catalog: Catalog, seen: Read) -> None:
    """A link to one message can be sent; no two have the same."""
    ids = seen.all("id")

    assert len(ids) == len(set(ids))
    articles = [given["id"] for tag, given in seen.tags if tag == "article"]
    assert len(articles) == len(listing(catalog, "yakukyari").messages)
    assert {"yakukyari.notice", "yakukyari.steps", "yakukyari.steps.2"} <= set(articles)


def test_every_link_leads_to_a_place_in_the_page(seen: Read) -> None:
    """Contents, headings and messages; nothing leads out."""
    links = seen.all("href")

    assert links
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} - set(seen.all("id")) == set()


def test_each_message_is_drawn_at_three_widths(seen: Read) -> None:
    """320, 375 and 414 pixels: as often each as there are messages."""
    figures = [given["class"] for tag, given in seen.tags if tag == "figure"]
    articles = [tag for tag, _ in seen.tags if tag == "article"]

    assert {kind: figures.count(kind) for kind in set(figures)} == {
        f"shot w{width}": len(articles) for width in (320, 375, 414)
    }


def test_nothing_in_the_page_can_run_or_load(made: str, seen: Read) -> None:
    """No script, no inline style, no address; the policy lets only its own style sheet through."""
    names = {tag for tag, _ in seen.tags}
    style = made.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert names & {"script", "img", "link", "iframe", "button", "form", "object"} == set()
    assert seen.all("style") == seen.all("src") == []
    assert not [name for _, given in seen.tags for name in given if name.startswith("on")]
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in seen.all("content")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_message_looks_as_it_does_in_the_chat() -> None:
    """The same declarations reach the same elements, from the page's own style sheet."""
    drawn = element("p", "本文", class_="fx-text", data_css="color:#111111;margin-left:0.5rem")
    html = page("題", element("div", drawn, element("p", "次", data_css="color:#111111")))

    (rule,) = re.findall(r"\[data-look=\"(\w+)\"\]\)\{color:#111111;margin-left:0.5rem\}", html)
    assert f'<p class="fx-text" data-look="{rule}">本文</p>' in html
    assert html.count("color:#111111;margin-left") == 1


def test_a_button_that_does_nothing_is_none() -> None:
    """No script answers a tap, so nothing promises to: not to a keyboard, not to a reader."""
    tapped = (
        '<div role="button" tabindex="0" aria-label="次へ" data-action="{&quot;a&quot;}">x</div>'
    )
    markup = Html(
        f'<button type="button" class="chip" data-action="{{}}">&lt;button&gt;</button>{tapped}'
    )

    assert lifeless(markup) == (
        '<span class="chip" data-action="">&lt;button&gt;</span><div data-action="">x</div>'
    )


def test_a_planted_long_label_is_shown_with_its_place_and_number(tmp_path: Path) -> None:
    """Over the limit: at the top and at the message, by sign and number and not by colour alone."""
    folder = shipped(tmp_path)
    line = folder.swap("texts/withdrawal.yaml", "    deny: すぐの予定はない", f"    deny: {LONG}")
    catalog, problems = survey(tmp_path)
    assert problems == []
    html = gallery(listing(catalog, "yakukyari"), Sources(catalog), catalog.version)

    top = read(html.split("もくじ")[0]).text
    assert f"返信の候補の言葉 {len(LONG)}/20文字" in top
    assert f"✕ {len(LONG) - 20}文字多い" in top
    assert f"content/texts/withdrawal.yaml:{line}" in top
    entry = html.split('id="yakukyari.checking_interview"')[1].split("</article>")[0]
    assert "is-over" in entry
    assert f"content/texts/withdrawal.yaml:{line}" in entry
    assert "LINEはこのメッセージを受け取りません" in entry


def test_a_planted_long_letter_is_shown_too(tmp_path: Path) -> None:
    """Near to what a clipboard takes: told apart from what is over it."""
    folder = shipped(tmp_path)
    letter = "letters/yakukyari-withdrawal-mail.yaml"
    folder.swap(letter, "  どうぞよろしくお願いいたします。", f"  {'あ' * 760}どうぞ。")
    catalog, _ = survey(tmp_path)
    html = gallery(listing(catalog, "yakukyari"), Sources(catalog), catalog.version)

    top = read(html.split("もくじ")[0]).text
    assert "△ 上限の9割を超えたところ：" in top
    assert "コピーする文" in top
    assert "✕ 上限を超えたところ：ありません" in top


def test_the_gallery_of_all_services_is_one_file(catalog: Catalog, tmp_path: Path) -> None:
    """The folder is made; what is said in no service is there as well."""
    path = write_gallery(catalog, tmp_path / "new" / "folder")

    seen = read(path.read_text("utf-8"))
    assert path == tmp_path / "new" / "folder" / "gallery.html"
    assert {f"at.{slug}" for slug in catalog.services} | {"at.anywhere"} <= set(seen.all("id"))
    assert {"anywhere.help", "anywhere.distress", "anywhere.sent_sticker"} <= set(seen.all("id"))
    assert seen.is_balanced


def test_an_unknown_service_is_told_with_those_there_are(catalog: Catalog, tmp_path: Path) -> None:
    """A sentence, an exit code of 2, and no file."""
    with pytest.raises(UnknownServiceError, match=r"nobody: .*yakukyari"):
        write_gallery(catalog, tmp_path, "nobody")
    said = CliRunner().invoke(main, ["gallery", str(tmp_path), "--service", "nobody"])

    assert said.exit_code == commands.UNUSABLE
    assert "そのサービスはありません" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_where_the_page_is(tmp_path: Path) -> None:
    """`taikai gallery DIR --service careertrek`"""
    said = CliRunner().invoke(main, ["gallery", str(tmp_path), "--service", "careertrek"])

    assert said.exit_code == 0
    assert said.stdout.strip() == str(tmp_path / "gallery-careertrek.html")
    assert (tmp_path / "gallery-careertrek.html").is_file()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")
    out = str(tmp_path / "taken")
    said = CliRunner().invoke(main, ["gallery", out, "--service", "careertrek"])

    assert said.exit_code == commands.UNUSABLE
    assert "ほかのフォルダーを指定してください" in said.stderr


def test_invented_services_have_a_gallery(tmp_path: Path) -> None:
    """Nothing here knows the shipped services: another content has its page as well."""
    spoken(tmp_path)
    catalog, problems = survey(tmp_path)
    assert problems == []

    seen = read(gallery(listing(catalog), Sources(catalog), catalog.version))

    assert {"at.alfa", "at.bravo", "at.other"} <= set(seen.all("id"))
