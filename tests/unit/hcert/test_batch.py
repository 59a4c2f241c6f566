"""Issuing and verifying on all cores: order, refusals as values, keys that travel."""

from tests.unit.hcert.samples import ISSUED, NOW, content, signer, trust
from tiemchung import hcert
from tiemchung.hcert import batch, qr
from tiemchung.hcert.algorithms import Algorithm


def test_a_batch_keeps_its_order_and_a_refusal_does_not_stop_it():
    contents = [content(dn=dn, sd=9) for dn in (1, 2, 0, 4)]
    with batch.issuing(signer(Algorithm.PS256), processes=1) as pool:
        outcomes = list(pool.issue(contents, issued_at=ISSUED))
    refused = outcomes.pop(2)
    assert isinstance(refused, hcert.IssueRefused)
    assert [problem.field for problem in refused.problems] == ["v.0.dn"]
    assert [hcert.decode(made.text).dcc["v"][0]["dn"] for made in outcomes] == [1, 2, 4]


def test_verdicts_come_in_order_for_text_and_pictures():
    text = hcert.issue(content(), signer(), issued_at=ISSUED).text
    chunks = [text, qr.png(text), "HC1:", b"\xff"] * 80
    with batch.verifying(trust(), processes=1) as pool:
        verdicts = list(pool.verify(chunks, at=NOW))
    assert [verdict.code for verdict in verdicts] == ["OK", "OK", "D|ZLB", "D|PRE"] * 80
    assert (verdicts[0].issuer, verdicts[2].content) == ("VN", None)
