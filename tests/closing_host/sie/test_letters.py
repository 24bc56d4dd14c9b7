from closing_host.sie.letters import Letters


def test_last_line_cut_off_within_a_letter_does_not_decide() -> None:
    whole = '#KONTO 3001 "Försäljning"\n'
    assert Letters().decide((whole + "#KONTO 3002 F").encode() + "ö".encode()[:1]) == "utf-8"


def test_last_line_without_end_decides_when_all_before_it_is_ascii() -> None:
    assert Letters().decide("#FLAGGA 0\n#FNAMN Åsa".encode()) == "utf-8"
