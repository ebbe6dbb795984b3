"""The `taikai` command: one line per command, each with an example in its --help.

Imports are inside the commands: `taikai check` should not wait for a web server to load, and a
production image has no simulator.
"""

from __future__ import annotations

import gc
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

main = typer.Typer(
    name="taikai",
    help="退会ナビ：転職サービスの退会を案内するLINEボット",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

db = typer.Typer(help="データベースの用意", no_args_is_help=True, rich_markup_mode=None)
main.add_typer(db, name="db")

NO_SIMULATOR = "この環境にシミュレーターは入っていません（本番のイメージには含めていません）。"
NO_TESTS = "この環境には入っていません（ソースの {} にあります）。"


@main.command()
def serve() -> None:
    """本番サーバーを動かします。設定は環境変数から読みます。

    例: LINE_CHANNEL_SECRET=… LINE_CHANNEL_ACCESS_TOKEN=… taikai serve
    """
    # What is imported stays. Looking for garbage in it over and over, now and while content is
    # read, takes a tenth of the time to start.
    gc.disable()
    from bot.serve import serve as run

    gc.freeze()
    gc.enable()
    run()


@main.command()
def simulate(
    port: Annotated[int, typer.Option(help="開くポート番号（0 なら空いている番号）")] = 8000,
) -> None:
    """ブラウザで会話を試します。LINEのアカウントは要りません。

    例: taikai simulate --port 8000
    """
    try:
        from bot.simulator.web.serve import simulate as run
    except ModuleNotFoundError as error:
        raise _without_simulator(error) from None
    run(port)


@main.command()
def chat() -> None:
    """端末で会話を試します。パイプからも読めます。

    例: printf '薬キャリ\\n1\\n' | taikai chat
    """
    try:
        from bot.simulator.terminal.chat import chat as run
    except ModuleNotFoundError as error:
        raise _without_simulator(error) from None
    raise typer.Exit(run() or 0)


@main.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="content フォルダー")] = None,
    stale: Annotated[bool, typer.Option(help="人が確かめ直すべきものを並べます")] = False,
    facts: Annotated[bool, typer.Option(help="どの事実に、どの道で出会うかを並べます")] = False,
) -> None:
    """コンテンツの誤りを、すべて一度に「ファイル:行: 何が・どう直すか」で知らせます。

    例: taikai check　／　taikai check content/　／　taikai check --stale　／　taikai check --facts
    """
    from bot import check as checking

    folders: list[Path | None] = list(paths) if paths else [None]
    wrong = [line for path in folders for line in checking.problem_lines(path)]
    for line in wrong:
        typer.echo(line)
    if wrong:
        typer.echo(f"{len(wrong)} 件の誤りがあります。", err=True)
        raise typer.Exit(1)
    now = datetime.now(checking.TOKYO)
    for path in folders:
        for line in checking.stale_lines(path, now.date()) if stale else ():
            typer.echo(line)
        for line in checking.fact_lines(path, now) if facts else ():
            typer.echo(line)
    if not (stale or facts):
        typer.echo("誤りはありません。")


@main.command()
def explore(
    out: Annotated[Path | None, typer.Option(help="網羅の報告も作って置く所")] = None,
) -> None:
    """すべてのサービスのすべてのボタンを、本物のWebhookを通して押して回ります。

    例: taikai explore　／　taikai explore --out report
    """
    try:
        from bot.simulator.explore.command import explore as run
    except ModuleNotFoundError as error:
        raise _without_simulator(error) from None
    raise typer.Exit(run(out))


@main.command()
def coverage(
    out: Annotated[Path | None, typer.Option(help="coverage.html・.json・.txt を置く所")] = None,
) -> None:
    """会話テストが何を見せ、何を見せていないかを、足りない会話と一緒に知らせます。

    例: taikai coverage --out report
    """
    try:
        from bot.simulator.coverage.command import coverage as run
    except ModuleNotFoundError as error:
        raise _without_simulator(error) from None
    raise typer.Exit(run(out))


@main.command()
def gallery(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="ページを置くフォルダー")] = Path(
        "dist/gallery"
    ),
    service: Annotated[str | None, typer.Option(help="このサービスだけにします")] = None,
    script: Annotated[str | None, typer.Option(help="このサービスの台本（印刷用）にします")] = None,
    text: Annotated[bool, typer.Option("--text", help="台本を文字だけで表示します")] = False,
) -> None:
    """すべてのメッセージを、出どころと上限の余りと一緒に一枚のページにします。

    例: taikai gallery　／　taikai gallery 見本帳　／　taikai gallery --script yakukyari --text
    """
    try:
        from bot.simulator.gallery.command import show as run
    except ModuleNotFoundError as error:
        raise _without_simulator(error) from None
    raise typer.Exit(run(out, service, script, as_text=text))


@main.command()
def diff(
    revision: Annotated[str, typer.Argument(help="gitの版（例：HEAD、main、HEAD~3）")],
    html: Annotated[Path | None, typer.Option(help="ページとしても書き出すファイル")] = None,
) -> None:
    """その版から、読む人にとって何が変わるかを、メッセージごとに道と一緒に知らせます。

    違いがなければ 0、あれば 1、比べられなければ 2 で終わります。例: taikai diff HEAD~1
    """
    try:
        from bot.simulator.difference.command import compare as run
    except ModuleNotFoundError as error:
        raise _without_simulator(error) from None
    raise typer.Exit(run(revision, html))


@main.command()
def parity(
    out: Annotated[Path, typer.Option(help="判定を書くファイル")] = Path(
        "tests/parity/parity.json"
    ),
    compare: Annotated[Path | None, typer.Option(help="LINEを呼ばず、この判定と比べます")] = None,
) -> None:
    """こちらの規則が本物のLINEと同じかを、LINEの検証だけのAPIに聞いて記録します。何も送りません。

    違いがなければ 0、あれば 1、聞けなければ 2 で終わります。
    例: taikai parity　／　taikai parity --compare tests/parity/parity.json
    """
    run = _beside("tests.parity.command")
    raise typer.Exit(run.parity(out, compare))


@main.command()
def graph() -> None:
    """会話の流れ図（Mermaid）を表示します。

    例: taikai graph > flow.mmd
    """
    from content.catalog import load
    from flows.diagram import mermaid

    sys.stdout.write(mermaid(load()))


@main.command()
def bench(
    only: Annotated[list[str] | None, typer.Option(help="計測の名前（何度でも）")] = None,
    long: Annotated[bool, typer.Option("--long", help="100万人・1,000万件まで増やします")] = False,
    out: Annotated[Path | None, typer.Option(help="bench.json と bench.svg を置く所")] = None,
) -> None:
    """公式SDKのエコーなどと並べて、速さと待ち時間とメモリーを計ります。

    例: taikai bench　／　taikai bench --only throughput --out results
    """
    run = _beside("tests.bench.run")
    raise typer.Exit(run.bench(only or (), long, out))


@db.command("upgrade")
def db_upgrade() -> None:
    """DATABASE_URL のデータベースを作る、または新しい形に直します。

    例: DATABASE_URL=sqlite:///taikai.db taikai db upgrade
    """
    from bot.store.port import StoreRefusedError
    from bot.upgrade import upgrade

    try:
        typer.echo(upgrade())
    except (ValueError, StoreRefusedError) as error:
        typer.echo(f"DATABASE_URL: {error}", err=True)
        raise typer.Exit(1) from None


def _beside(module: str) -> Any:
    """*module* of the tests, which lie beside the project and are never in a wheel."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tests"):
            raise
        typer.echo(NO_TESTS.format(module.rpartition(".")[0].replace(".", "/")), err=True)
        raise typer.Exit(2) from None


def _without_simulator(error: ModuleNotFoundError) -> typer.Exit:
    if not (error.name or "").startswith("bot.simulator"):
        raise error
    typer.echo(NO_SIMULATOR, err=True)
    return typer.Exit(2)
