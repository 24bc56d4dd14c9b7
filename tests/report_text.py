"""What a report says, without setting it: a PDF costs most of a second."""

from closing_host.documents.report import Report, Table


def said(report: Report) -> str:
    """All of its texts in order, blanks of any kind as one."""
    texts = [report.title, report.warning, *(f"{label} {value}" for label, value in report.facts)]
    for each in report.sections:
        texts.append(each.title)
        if isinstance(each, Table):
            texts += [each.lead, *(cell for line in each.lines for cell in line.cells)]
        else:
            texts += each.texts
    return " ".join(" ".join(texts).split())
