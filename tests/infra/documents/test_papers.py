"""Papers: the same amounts as anywhere else, whatever the language, and nothing read as a program."""

from datetime import date

import pytest
from msgspec.structs import replace

from domains.billing import (
    AccountEntry,
    Discount,
    DocumentKind,
    Movement,
    Party,
    PrintedDocument,
    PrintedReceipt,
    PrintedStatement,
    address_lines,
)
from domains.tenants import PaperSize
from infra.documents.compiling import Compiler
from infra.documents.shown import Shown, document_shown, receipt_shown, statement_shown
from tests.support.decimal_sums import any_draft, chance_of
from tests.support.papers import (
    FONTANERIA,
    HARBOR,
    compiled,
    found_all,
    invoice,
    item,
    minor,
    must_say_the_same,
    of,
    pages_of,
    paper_of,
    said_in,
    wording,
)

COMPILER = Compiler()
LETTER, A4 = (1224, 1584), (1191, 1684)
TOFU = "\N{REPLACEMENT CHARACTER}"


def shown(paper: PrintedDocument) -> Shown:
    return document_shown(paper, wording(paper))


def pdf(paper: PrintedDocument) -> bytes:
    return compiled(COMPILER, shown(paper))[0]


def size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


SIZES = [("US", None, LETTER), ("CA", None, LETTER), ("ES", None, A4), (None, None, A4), ("US", PaperSize.A4, A4)]


@pytest.mark.parametrize(("country", "wanted", "expected"), SIZES)
def test_paper_has_the_size_that_is_wanted_or_usual(
    country: str | None, wanted: PaperSize | None, expected: tuple[int, int]
) -> None:
    head = replace(HARBOR, business=Party("Harbor", (), {"country": country}), paper=wanted)
    pages = compiled(COMPILER, shown(of(item("Replace the tap"), head=head)), form="png")
    assert [size(page) for page in pages] == [expected]


def test_two_hundred_items_have_the_head_of_the_table_and_their_number_on_each_page() -> None:
    pages = pages_of(pdf(of(*(item(f"Item {at}") for at in range(200)))))
    assert 4 <= len(pages) <= 8
    for at, page in enumerate(pages[:-1], 1):
        assert ("Description" in page, f"{at} / {len(pages)}" in page) == (True, True)
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    assert found_all((f"Item {at}" for at in range(200)), " ".join(pages)) == []


def test_a_later_version_says_which_it_is_and_a_quantity_what_it_counts() -> None:
    said = said_in(pdf(of(item("Tap", quantity="1.5", unit="hour"), revision=2)))
    assert found_all(["Version 2", "Tap 1.5 hour $125.00", "Quote Q-2026-00017, version 2"], said) == []
    assert "ersion" not in said_in(pdf(of(item("Tap"))))


def test_lines_beyond_measure_run_on_and_none_of_their_words_is_lost() -> None:
    text = "\n".join(f"l{at}" for at in range(400))
    pages = pages_of(pdf(of(*(item(text) for _ in range(20)))))
    assert len(pages) < 60
    assert " ".join(" ".join(pages).split()).count("l399") == 20


@pytest.mark.parametrize("letter", ["a\u0301", "\u0628\u064b", "\u05d0\u05b0"])
def test_of_marks_that_are_heaped_on_one_letter_few_are_set(letter: str) -> None:
    heap = letter[0] + letter[1] * 9_999
    content = document_shown(paper := of(item("Tap"), notes=heap, terms=f"{heap} -----------"), wording(paper))
    (_, notes), (_, terms) = content["paragraphs"]
    assert (notes, terms) == (letter[0] + letter[1] * 8, f"{letter[0]}{letter[1] * 8} -----------")


def test_who_has_no_time_left_looks_for_no_more_letters_that_no_font_has() -> None:
    paper = invoice(item("Bath \U0001f6c1 \u1200 Ελένη Łukasz"))
    for compiler, said in ((COMPILER, "Bath ? ? Ελένη Łukasz"), (Compiler(seconds=0.0), "Bath ? ? ????? Łukasz")):
        assert said in said_in(compiled(compiler, shown(paper), archival=True)[0])


def test_the_same_is_the_same() -> None:
    assert pdf(of(item("Tap"))) == pdf(of(item("Tap")))


AWKWARD = [
    '#import "x"; $a^2$ *b* #{ panic("x") } @ref <label> \\ // gone',
    '#read("/etc/passwd")',
    "#sys.inputs.data",
    "W" * 2_000,
    "\\u{202e} ]]} ``` = - + /",
    "one\ntwo\n\nthree",
    "\x00\x07\x1b[31m",
    "\u202eright to left\u2066",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_whatever_people_write_is_shown_and_not_carried_out(text: str) -> None:
    paper = of(item(text), head=HARBOR, customer=Party(text, (text,)), notes=text, terms=text)
    said = said_in(pdf(paper))
    assert "root:" not in said
    if text.startswith("#"):
        assert said.count("".join(text.split())) + said.count(" ".join(text.split())) >= 1


SCRIPTS = ["נועה כהן 24", "شقة صغيرة", "山田太郎", "王小明", "김민수", "अनीता शर्मा", "Ελένη", "Йорданка", "Łukasz Þór"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_have_their_letters_in_every_script(name: str) -> None:
    """PDF/A refuses a letter that no font has: it would become a question mark."""
    paper = invoice(item(name), customer=Party(name, (), {"country": "ES"}))
    made = compiled(COMPILER, document_shown(paper, wording(paper)), archival=True)[0]
    said = said_in(made)
    assert ("?" in said, TOFU in said) == (False, False)


def test_what_no_font_has_is_a_question_mark_where_it_must_be_one() -> None:
    paper = invoice(item("Bath \U0001f6c1 and \u1200\u1201"))
    assert "Bath ? and ??" in said_in(compiled(COMPILER, shown(paper), archival=True)[0])


CURRENCIES = [
    ("USD", "en", 1_234_567, "$12,345.67"),
    ("EUR", "es", 1_234_567, "12.345,67\u00a0€"),
    ("JPY", "en", 1_234_567, "¥1,234,567"),
    ("KWD", "en", 1_234_567, "KWD\u00a01,234.567"),
    ("RSD", "es", 1_234_567, "12.345,67\u00a0RSD"),
    ("CLF", "en", 1, "CLF\u00a00.0001"),
]


@pytest.mark.parametrize(("currency", "language", "amount", "expected"), CURRENCIES)
def test_amounts_have_the_decimals_of_their_currency(currency: str, language: str, amount: int, expected: str) -> None:
    paper = of(item("Work", amount), currency=currency, language=language)
    assert shown(paper)["rows"][0]["cells"][2] == expected
    assert " ".join(expected.split()) in said_in(pdf(paper))


@pytest.mark.parametrize(("language", "rate", "expected"), [("en", "8.875", "8.875%"), ("es", "8.875", "8,875\u00a0%")])
def test_rates_are_written_as_the_language_writes_them(language: str, rate: str, expected: str) -> None:
    paper = of(item("Work", tax_rate=rate, taxes=None), language=language)
    assert shown(paper)["rows"][0]["cells"][3] == expected


def test_the_words_are_those_of_the_language() -> None:
    content = shown(of(item("Grifo"), number=None, language="es"))
    assert (content["title"], content["facts"][1]) == ("Presupuesto Borrador", ("Fecha", "21 de noviembre de 2026"))
    assert content["rows"][0]["cells"][3] == "21\u00a0%"


def test_what_stands_on_paper_is_what_the_engine_says() -> None:
    chance = chance_of(11)
    papers = [paper for _ in range(300) if (paper := paper_of(any_draft(chance)))]
    for paper in papers:
        content = shown(paper)
        *parts, (_, total, _) = content["sums"][: -1 if paper.deposit_amount else None]
        assert sum(minor(amount) for _, amount, _ in parts) == minor(total) == paper.total
        assert [minor(row["cells"][-1]) for row in content["rows"]] == [item.total for item in paper.items]
        assert not paper.deposit_amount or minor(content["sums"][-1][1]) == paper.deposit_amount
    assert len(papers) > 200


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_the_pdf_says_what_the_engine_says(currency: str) -> None:
    chance = chance_of(12)
    papers = [paper for _ in range(15) if (paper := paper_of(any_draft(chance), currency=currency))]
    for paper in papers:
        must_say_the_same(COMPILER, paper)
    assert len(papers) > 10


def test_an_invoice_says_what_is_due_until_when_and_where_to_pay() -> None:
    paper = invoice(item("Grifo", 10_000), item("Radiador", 5_000, optional=True), paid=5_000, credited=100,
                    discount=Discount(percent="10"), terms="A 30 días.")  # fmt: skip
    said = said_in(pdf(paper))
    due = wording(paper).money(paper.due)
    wanted = ("Factura", "F-2026-00007", "Vence el 21 de diciembre de 2026", "NIF ESB12345674", "Pagado -50,00 €",
              "Abonado -1,00 €", f"Importe pendiente {due}", "IBAN ES91 2100 0418 4502 0005 1332", "A 30 días.",
              "Opcional")  # fmt: skip
    assert found_all(wanted, said) == []
    assert minor(due) == paper.total - 5_100


def test_a_cancelled_invoice_asks_for_nothing_and_says_so() -> None:
    paper = invoice(
        item("Grifo", 10_000), cancelled_on=date(2026, 11, 23), customer=Party("Ada", (), {"country": "FR"})
    )
    said = said_in(pdf(paper))
    assert found_all(("Anulada el 23 de noviembre de 2026", "Importe pendiente 0,00 €", "Ada Francia"), said) == []


def test_a_tax_without_a_name_is_called_so_in_the_language() -> None:
    content = shown(of(item("Grifo", taxes=None, tax_rate="10"), language="es"))
    assert content["sums"][1][0].startswith("Impuesto 10")


ADDRESS = {"street": "1 Sea St", "city": "Boston", "state": "MA", "zipCode": "02101"}


@pytest.mark.parametrize(("country", "place"), [("US", "Boston MA 02101"), ("ES", "02101 Boston MA")])
def test_an_address_is_written_as_in_its_country(country: str, place: str) -> None:
    assert address_lines({**ADDRESS, "country": country}) == ("1 Sea St", place)


def test_a_credit_note_names_the_invoice_that_it_corrects() -> None:
    paper = invoice(item("Grifo"), kind=DocumentKind.CREDIT_NOTE, number="A-1", corrects="F-2026-00007", due_on=None)
    said = said_in(pdf(paper))
    assert found_all(("Nota de crédito", "A-1", "Factura F-2026-00007"), said) == []
    assert "Importe pendiente" not in said


def test_a_receipt_says_what_was_paid_how_and_what_is_left() -> None:
    receipt = PrintedReceipt(
        language="en", head=HARBOR, customer=Party("Ada"), currency="USD", invoice="INV-1", method="cheque",
        paid_on=date(2026, 11, 21), total=50_000, amount=20_000, unapplied=1_500, refunded=5_000,
        lost=2_500, due=30_000,
    )  # fmt: skip
    said = said_in(compiled(COMPILER, receipt_shown(receipt, wording(receipt)))[0])
    wanted = ("Receipt", "Invoice INV-1", "Paid by Cheque", "Paid $200.00", "Of it more than was due $15.00",
              "Refunded -$50.00", "Dispute -$25.00", "Amount due $300.00")  # fmt: skip
    assert found_all(wanted, said) == []


def test_a_statement_runs_from_the_balance_before_to_the_one_at_the_end() -> None:
    entries = (
        AccountEntry(day=date(2026, 11, 2), movement=Movement.INVOICE, number="F-2", change=50_000),
        AccountEntry(day=date(2026, 11, 3), movement=Movement.CREDIT_NOTE, number="A-1", change=-5_000),
        AccountEntry(day=date(2026, 11, 30), movement=Movement.PAYMENT, number="F-2", change=-30_000),
        AccountEntry(day=date(2026, 11, 30), movement=Movement.REFUND, number="F-2", change=1_000),
    )
    statement = PrintedStatement(
        language="es", head=FONTANERIA, customer=Party("Ada"), currency="EUR", begin=date(2026, 11, 1),
        end=date(2026, 11, 30), opening=10_000, entries=entries, closing=26_000, overdue=10_000,
    )  # fmt: skip
    content = statement_shown(statement, wording(statement))
    assert [minor(row["cells"][-1]) for row in content["rows"]] == [10_000, 60_000, 55_000, 25_000, 26_000]
    said = said_in(compiled(COMPILER, content)[0])
    assert (
        found_all(("Estado de cuenta", "Saldo anterior", "Saldo final 260,00 €", "De ello vencido 100,00 €"), said)
        == []
    )
