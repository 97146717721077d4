"""The page on Canada's inventory: its script and commands, on a small inventory with the same columns."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "canada.md"
CHANNELS = ("phone", "online", "in_person", "mail", "email", "fax", "other", "total")
COLUMNS = ("fiscal_yr", "service_id", "service_name_en", "service_scope", "owner_org", "owner_org_title")
NAMED = {"phone": "by_phone", "mail": "by_mail", "email": "by_email", "fax": "by_fax", "other": "by_other"}


def service(number: int, scope: str, *numbers: str, year: str = "2023-2024") -> dict[str, str]:
    said = (year, str(number), f"Service {number}", scope, "org", "Organisation")
    counts = {f"num_applications_{NAMED.get(name, name)}": text for name, text in zip(CHANNELS, numbers, strict=True)}
    return dict(zip(COLUMNS, said, strict=True)) | counts


INVENTORY = [
    service(1, "EXTERN", "10", "60000", "ND", "0", "NA", "NA", "0", "60010"),
    service(2, "EXTERN,INTERN", "NA", "20000", "40000", "10000", "0", "0", "0", "70000"),
    service(3, "INTERN", "0", "90000", "0", "0", "0", "0", "0", "90000"),
    service(4, "EXTERN", "0", "44999", "0", "0", "0", "0", "0", "44999"),
    service(5, "EXTERN", "0", "90000", "0", "0", "0", "0", "0", "90000", year="2024-2025"),
]


def test_the_rate_comes_out_of_the_inventory_as_the_page_says(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "canada.py").write_text(script, encoding="utf-8")
    with (tmp_path / "INVENTORY.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, INVENTORY[0])
        writer.writeheader()
        writer.writerows(INVENTORY)
    environment = os.environ | {
        "MATTERS_DATABASE": f"sqlite:///{tmp_path}/registry.sqlite",
        "MATTERS_LAKE": f"{tmp_path}/lake",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PAGE.parents[1]),
    }
    (commands,) = re.findall(r"```\n(python canada.*?)```", text, re.DOTALL)
    done = subprocess.run(
        ["bash", "-ec", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # 60,000 + 20,000 online of 60,010 + 70,000; of two services' PC and hall, one hall's months are not known.
    assert re.search(r"61\.53 % +80,000 +130,010 +75\.00 %", done.stdout), done.stdout
