"""A small BAS chart and the usual series for the demo companies."""

from __future__ import annotations

from datasource_fortnox.simulator.ledger import Account, FinancialYear, Series

__all__ = ["equip"]

_ACCOUNTS = """
1220 7215 Inventarier och verktyg
1229 7215 Ackumulerade avskrivningar på inventarier
1460 7243 Lager av handelsvaror
1510 7251 Kundfordringar
1513 7251 Kundfordringar – delad faktura
1519 7251 Nedskrivning av kundfordringar
1630 7261 Skattekonto
1650 7261 Momsfordran
1790 7263 Övriga förutbetalda kostnader
1910 7281 Kassa
1920 7281 Plusgiro
1930 7281 Företagskonto
2081 7301 Aktiekapital
2091 7302 Balanserad vinst eller förlust
2098 7302 Vinst eller förlust från föregående år
2099 7302 Årets resultat
2440 7365 Leverantörsskulder
2510 7368 Skatteskulder
2611 7369 Utgående moms på försäljning inom Sverige, 25 %
2641 7369 Debiterad ingående moms
2650 7369 Redovisningskonto för moms
2710 7369 Personalskatt
2731 7369 Avräkning lagstadgade sociala avgifter
2910 7370 Upplupna löner
2990 7370 Övriga upplupna kostnader
3001 7410 Försäljning inom Sverige, 25 %
3305 7410 Försäljning tjänster till land utanför EU
3740 7410 Öres- och kronutjämning
3960 7413 Valutakursvinster på fordringar och skulder
4010 7511 Inköp material och varor
5010 7513 Lokalhyra
5410 7513 Förbrukningsinventarier
6110 7513 Kontorsmateriel
6212 7513 Mobiltelefon
6310 7513 Företagsförsäkringar
6352 7513 Befarade förluster på kundfordringar
6530 7513 Redovisningstjänster
6570 7513 Bankkostnader
7010 7514 Löner till kollektivanställda
7510 7514 Lagstadgade sociala avgifter
7832 7515 Avskrivningar på inventarier och verktyg
7960 7517 Valutakursförluster på fordringar och skulder
8310 7417 Ränteintäkter
8410 7522 Räntekostnader
8910 7528 Skatt på årets resultat
8999 7450 Årets resultat
"""

_INACTIVE = """
1940 7281 Övriga bankkonton
3041 7410 Försäljning tjänster, 25 %
5800 7513 Resekostnader
"""

_SERIES = (
    ("A", "Redovisning", True),
    ("B", "Kundfakturor", False),
    ("C", "Inbetalningar", False),
    ("D", "Leverantörsfakturor", False),
    ("E", "Utbetalningar", False),
    ("I", "Bokslut", True),
)


def equip(year: FinancialYear) -> FinancialYear:
    """Give a year its accounts (three of them inactive) and series A to E and I; only A and I are manual."""
    for text, active in ((_ACCOUNTS, True), (_INACTIVE, False)):
        for line in text.strip().splitlines():
            number, sru, name = line.split(" ", 2)
            year.accounts[int(number)] = Account(int(number), name, active, sru)
    for code, description, manual in _SERIES:
        year.series[code] = Series(code, description, manual)
    return year
