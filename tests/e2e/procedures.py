"""The words of P 0's procedures, and the numbered steps that the help gives for them."""

from dataclasses import dataclass

from playwright.sync_api import Page

WORDS = {
    "sv-SE": {
        "guide": "Nytt uppdrag",
        "right": "Stämmer det?",
        "done": "Importen är klar",
        "attachments": "Bilagor",
        "sides": "Kundfordringar, Leverantörsskulder",
        "entries": "Bokslutstransaktioner",
        "new": "Ny verifikation",
        "unbalanced": "Debet och kredit skiljer",
        "save": "Spara",
        "saved": "V1 är sparad.",
        "next": "I Bokslut (nästa nummer 1)",
        "passed": "Inget hindrar.",
        "exported": "Exporten är klar",
        "booked": "V1 är bokförd som I 1.",
        "run_out": "Kopplingen till Fortnox har gått ut. Importera från Fortnox för att aktivera den igen.",
        "why": "Varför 30 dagar?",
        "thirty_days": "30 dagar",
        "left": "30 dagar kvar",
        "excluded": "Överförd - exkluderad",
        "nothing": "Det finns inget att exportera.",
    },
    "en-GB": {
        "guide": "New engagement",
        "right": "Is this right?",
        "done": "The import is done",
        "attachments": "Attachments",
        "sides": "Receivables, Payables",
        "entries": "Closing transactions",
        "new": "New entry",
        "unbalanced": "Debit and credit differ",
        "save": "Save",
        "saved": "V1 is saved.",
        "next": "I Bokslut (next number 1)",
        "passed": "Nothing stands in the way.",
        "exported": "The export is done",
        "booked": "V1 is booked as I 1.",
        "run_out": "The connection to Fortnox has run out. Import from Fortnox to activate it again.",
        "why": "Why 30 days?",
        "thirty_days": "30 days",
        "left": "30 days left",
        "excluded": "Transferred - excluded",
        "nothing": "There is nothing to export.",
    },
}


@dataclass(frozen=True)
class Steps:
    """The labels in the help's numbered steps: of connecting in an engagement's settings, and of exporting."""

    settings: str
    tab: str
    source: str
    fetch: str
    export_tab: str
    export: str
    series: str
    send: str


def steps(page: Page) -> Steps:
    """Read from the open help page."""
    connect, export = (page.evaluate(_LABELS, anchor) for anchor in ("connect", "export"))
    assert [len(each) for each in (connect, export)] == [5, 4]
    (settings, tab), (source,), (fetch,), *alone = connect
    assert alone == [[], []]  # the login, and what comes of itself
    return Steps(settings, tab, source, fetch, *(label for (label,) in export))


_LABELS = """(anchor) => {
  let list = document.getElementById(anchor);
  while (list.tagName !== "OL") list = list.nextElementSibling;
  return [...list.children].map((step) => [...step.querySelectorAll("em")].map((label) => label.innerText));
}"""
