"""`matters rates definitions`: what each rate is, who answers for it, and until when it holds."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer
from rich.text import Text

from registry.commands.sheets import Output, show
from registry.commands.start import out
from registry.figures.defined import definitions_sheet, percent, target_words
from registry.figures.wording import read_rates
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.rate import Rate
from registry.rates.written import definitions_table


class DefinitionsForm(Enum):
    """How definitions can be written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"


def definitions(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RATE]…", help="指标，默认全部 · Rates; all by default.")
    ] = None,
    form: Annotated[DefinitionsForm | None, typer.Option("--format", help="格式 · The format; default table.")] = None,
    output: Output = None,
) -> None:
    """列出指标定义：口径、来源、负责单位、审核、目标与示例 · What each rate is, and who answers for it."""
    chosen = [RATES_BY_NAME[name] for name in read_rates(names or (), RATES_BY_NAME) or RATES_BY_NAME]
    if form is DefinitionsForm.MARKDOWN:
        out.print(definitions_table(chosen), markup=False, soft_wrap=True)
    elif form in (None, DefinitionsForm.TABLE) and output is None:
        for rate in chosen:
            out.print(_block(rate), soft_wrap=True)
    else:
        show(definitions_sheet(chosen), form.value if form else None, output)


def _block(rate: Rate) -> Text:
    review, (numerator, denominator) = rate.review, rate.example
    policy = "（随线上口径 · by the online policy）" if rate.follows_policy else ""
    lines = {
        "类别 family": f"{rate.family.zh} · {rate.family.en}",
        "分子 numerator": f"{rate.numerator.zh} · {rate.numerator.en}{policy}",
        "分母 denominator": f"{rate.denominator.zh} · {rate.denominator.en}",
        "单位 unit": f"{rate.unit.zh} · {rate.unit.en}；{rate.direction.zh} · {rate.direction.en}",
        "目标 target": "; ".join(map(target_words, rate.targets)) or "未设定 · none",
        "来源 source": f"{rate.source_zh} · {rate.source_en}",
        "负责 owner": f"{review.owner_zh} · {review.owner_en}",
        "审核 reviewed": f"{review.by}, {review.on}；有效至 · until {review.until}",
        "示例 example": f"{numerator} / {denominator} = {percent(numerator / denominator)}",
    }
    text = Text.assemble((rate.name, "bold"), f"  {rate.zh} · {rate.en}\n")
    for name, said in lines.items():
        text.append(f"  {name}: ", "dim").append(f"{said}\n")
    return text
