import json
from pathlib import Path

from click.testing import CliRunner

from tiemchung.cli.dosing import group
from tiemchung.dosing.rules import REFERENCE

ONE = {
    "birth_date": "1984-05-02",
    "sex": "female",
    "conditions": [],
    "infections": [],
    "doses": [{"product": "EU/1/21/1529", "date": "2021-07-01"}],
    "area": "79",
    "as_of": "2021-10-01",
}


def _run(*arguments: str, text: str = "") -> tuple[int, list[str], str]:
    done = CliRunner().invoke(group, arguments, input=text)
    return done.exit_code, done.stdout.splitlines(), done.stderr


def test_explain_answers_line_by_line() -> None:
    text = "\n".join(json.dumps({**ONE, "id": at}) for at in range(3))
    code, lines, _ = _run("explain", "--json", text=text)
    answers = [json.loads(line) for line in lines]
    assert code == 0
    assert [answer["id"] for answer in answers] == [0, 1, 2]
    assert answers[0]["card"] == "yellow"
    assert answers[0]["complete_since"] is None
    assert answers[0]["due"]["kind"] == "primary"
    assert answers[0]["due"]["from"] == "2021-08-26"
    assert answers[0]["due"]["products"] == ["AZ", "PF"]
    assert set(answers[0]["due"]["reason"]) == {"vi", "en"}
    assert answers[0]["doses"][0] == {
        "kind": "primary",
        "valid": True,
        "dn": 1,
        "sd": 2,
        "product": "AZ",
        "date": "2021-07-01",
        "label": {"vi": "mũi 1", "en": "dose 1"},
        "findings": [],
    }


def test_explain_reads_one_object_over_many_lines_and_an_array() -> None:
    assert len(_run("explain", "--json", text=json.dumps(ONE, indent=2))[1]) == 1
    assert len(_run("explain", "--json", text=json.dumps([ONE, ONE]))[1]) == 2


def test_explain_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text(json.dumps(ONE), encoding="utf-8")
    assert _run("explain", str(path))[0] == 0


def test_explain_names_the_line_that_it_cannot_read_and_answers_the_others() -> None:
    lines = [json.dumps(ONE), "{oops", json.dumps({**ONE, "birth_date": "31/02/1984"}), json.dumps(ONE)]
    code, out, _ = _run("explain", "--json", text="\n".join(lines))
    answers = [json.loads(line) for line in out]
    assert code == 1
    assert [answer.get("error", {}).get("line") for answer in answers] == [None, 2, 3, None]
    assert answers[2]["error"]["field"] == "birth_date"


def test_explain_speaks_both_languages() -> None:
    code, out, _ = _run("explain", text=json.dumps(ONE))
    assert code == 0
    assert any("cách ít nhất" in line for line in out)
    assert any("at least" in line for line in out)


def test_explain_says_in_words_what_it_refuses() -> None:
    code, out, err = _run("explain", text=json.dumps({**ONE, "dosis": []}))
    assert (code, out) == (1, [])
    assert "request.dosis" in err


def test_explain_takes_another_campaign() -> None:
    question = {
        "birth_date": "2020-01-01",
        "doses": [{"product": "sởi đơn", "date": "2020-10-05"}],
        "as_of": "2020-12-01",
    }
    code, out, _ = _run(
        "explain", "--json", "--rules", str(REFERENCE / "dose_rules" / "measles.yaml"), text=json.dumps(question)
    )
    assert code == 0
    assert json.loads(out[0])["due"]["from"] == "2021-07-01"


def test_check_counts_the_rules() -> None:
    code, out, _ = _run("check")
    assert code == 0
    assert out[0].startswith("covid19: ")


def test_check_refuses_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("campaign: x\n", encoding="utf-8")
    code, _, err = _run("check", "--rules", str(path))
    assert code == 1
    assert "rules.yaml" in err


def test_gaps_are_listed() -> None:
    found = [json.loads(line) for line in _run("gaps", "--json")[1]]
    assert {"mo-12-17", "no_next_rule"} <= {one["gap"] for one in found}
