"""From the command line: offices that ended are succeeded, and open dossiers move to a newer procedure."""

from __future__ import annotations

from pathlib import Path

from cli import exits
from tests.build import ROOT, Office
from tests.cli.conftest import Thidua

MAP = ROOT / "regulations" / "successions" / "2025-districts-end.yaml"
PROCEDURE = ROOT / "regulations" / "procedures" / "three-tier-2024.yaml"


def test_a_succession_map_is_checked_published_listed_and_shown(thidua: Thidua, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = MAP.read_text(encoding="utf-8")
    bad.write_text(text.replace("kind: education_office", "kind: school_office"), encoding="utf-8")
    refused = thidua("succession", "check", str(bad))
    assert refused.code == exits.UNSOUND
    assert "school_office" in refused.err
    assert thidua("succession", "publish", str(bad), "--as", "admin").code == exits.UNSOUND
    assert thidua("succession", "check", str(MAP)).code == exits.DONE
    assert thidua("succession", "publish", str(MAP), "--as", "admin").code == exits.DONE
    (row,) = thidua("succession", "list", "--json").data["versions"]
    assert row["name"] == "2025-districts-end"
    found = thidua("succession", "show", "2025-districts-end", "--json").data
    assert found["sha256"] == row["sha256"]
    assert {kind["kind"]: kind["becomes"][0]["kind"] for kind in found["kinds"]}["interior_office"] == (
        "culture_society_office"
    )
    shown = thidua("succession", "show", "2025-districts-end").out
    assert "Phòng Văn hóa - Xã hội" in shown
    assert "chưa kiểm chứng" in " ".join(shown.split())
    assert thidua("succession", "show", "nowhere").code == exits.NOT_FOUND
    assert "Không có hồ sơ nào" in thidua("succession", "pass-on", "--as", "admin").out


def test_open_dossiers_move_to_a_newer_version_with_a_verdict_for_each(
    thidua: Thidua, cli_office: Office, tmp_path: Path
) -> None:
    code = cli_office.dossier_at("at_bloc")
    newer = tmp_path / "newer.yaml"
    text = PROCEDURE.read_text(encoding="utf-8").replace(
        "vi: Trình tự ba cấp", "vi: Bản hai, trình tự ba cấp"
    )
    newer.write_text(text, encoding="utf-8")
    assert thidua("procedure", "publish", str(newer), "--as", "admin").code == exits.DONE
    command = ("procedure", "move", "three-tier-2024", "--to", "2", "--reason", "bản mới", "--as", "admin")
    assert thidua(*command[:-1], "clerk").code == exits.REFUSED
    assert thidua(*command[:4], "7", *command[5:]).code == exits.NOT_FOUND
    tried = thidua(*command, "--dry-run", "--json").data
    assert [(row["dossier"], row["done"]) for row in tried["dossiers"]] == [(code, True)]
    assert thidua("dossier", "show", code, "--json").data["procedure_version"] == 1
    assert thidua(*command).code == exits.DONE
    shown = " ".join(thidua("dossier", "show", code).out.split())
    assert "Bản hai" in shown
    assert "từ bản 1 sang bản 2" in shown
    assert "Chuyển sang bản" in thidua("dossier", "history", code).out
    again = thidua(*command, "--dossier", code)
    assert again.code == exits.REFUSED
    assert "không mới hơn" in " ".join(again.out.split())
    assert "Không có hồ sơ nào" in thidua(*command).out
    assert thidua("audit", "verify").code == exits.DONE
