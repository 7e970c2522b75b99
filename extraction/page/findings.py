"""The list of findings: each can be opened, and leads to its places."""

from collections.abc import Iterator

from extraction.corrections import change
from extraction.page.markup import NOTHING, Html, joined, tag
from extraction.page.shown import SEVERITIES, Shown
from extraction.resources.messages import load_messages
from extraction.schema import Finding, Repair

_FEW = 6


def findings(shown: Shown) -> Html:
    """All findings by severity; a few stand open."""
    if not shown.numbered:
        return NOTHING
    words, few = shown.words, len(shown.numbered) <= _FEW
    groups = []
    for severity in SEVERITIES:
        cards = [_card(shown, n, f, few) for n, f in shown.numbered.items() if f.severity == severity]
        if cards:
            title = words.count.format(severity=words.severities[severity], count=len(cards))
            groups.append(tag("section", tag("h3", title), joined(cards)))
    return tag(
        "aside", tag("h2", words.findings, id="findings"), joined(groups),
        class_="side few" if few else "side", tabindex="0", aria_labelledby="findings",
    )  # fmt: skip


def _card(shown: Shown, number: int, finding: Finding, is_open: bool) -> Html:
    words = shown.words
    name = load_messages().checks.get(finding.check, finding.check)
    off = (
        tag("span", words.difference.format(difference=f"{abs(finding.difference):f}"), class_="difference")
        if finding.difference
        else NOTHING
    )
    summary = tag(
        "summary", tag("span", str(number), class_="number"), tag("span", name, class_="name"), off,
        _where(shown, finding),
    )  # fmt: skip
    return tag(
        "details", summary, tag("div", joined(_inside(shown, number, finding)), class_="inside"),
        class_=f"finding {finding.severity}", id=f"f{number}", data_places=" ".join(shown.anchors(finding)),
        open="" if is_open else None,
    )  # fmt: skip


def _where(shown: Shown, finding: Finding) -> Html:
    """The place to look at first: the figure that disagrees, the cell to change, or what the others add up to."""
    own_figure = finding.figures and not finding.repair and finding.check == "narrative.table"
    if own_figure:
        link = shown.to_figure(finding.figures[0])
    elif finding.cells:
        changed = (repair.cell for repair in finding.repair if repair.cell in finding.cells)
        cell = next(changed, finding.cells[-1])
        link = shown.to_cell(cell, shown.name(cell))
    else:
        return NOTHING
    return tag("span", link, class_="where")


def _inside(shown: Shown, number: int, finding: Finding) -> Iterator[Html]:
    words = shown.words
    yield tag("p", finding.message, class_="message")
    values = [
        tag("div", tag("dt", word), tag("dd", f"{value:f}"), class_=kind)
        for kind, word, value in (
            ("expected", words.expected, finding.expected),
            ("found", words.found, finding.found),
        )
        if value is not None
    ]
    if values:
        yield tag("dl", joined(values), class_="values")
    if finding.cause:
        yield tag("p", words.causes[finding.cause], class_=f"cause {finding.cause}")
    if finding.repair:
        yield _repair(shown, number, finding)
    if finding.formula or finding.cells or finding.figures:
        yield _places(shown, finding)


def _repair(shown: Shown, number: int, finding: Finding) -> Html:
    """What to change and what else would do; where an earlier finding says all of it, a link there."""
    words, said = shown.words, (finding.repair, finding.alternatives)
    title = tag("b", words.repair)
    same = next((n for n, other in shown.numbered.items() if (other.repair, other.alternatives) == said), number)
    if same < number:
        link = tag("a", words.same_repair.format(number=same), href=f"#f{same}")
        return tag("div", title, link, class_="repair")
    others = [
        tag("div", tag("b", words.alternative), _changes(shown, other), class_="other")
        for other in finding.alternatives
    ]
    return joined([tag("div", title, _changes(shown, finding.repair), class_="repair"), *others])


def _changes(shown: Shown, repairs: tuple[Repair, ...]) -> Html:
    def item(repair: Repair) -> Html:
        text = change(shown.form, repair) if shown.form else repair.cell
        slip = tag("small", shown.words.slips[repair.slip]) if repair.slip else NOTHING
        return tag("li", shown.to_cell(repair.cell, text), slip)

    return tag("ul", joined(map(item, repairs)))


def _places(shown: Shown, finding: Finding) -> Html:
    rows = [
        tag("li", shown.to_figure(i), tag("span", shown.meaning(i)))
        for i in finding.figures
        if i < len(shown.report.figures)
    ]
    for cell in finding.cells:
        value = shown.cells[cell].value if cell in shown.cells else None
        text = "" if value is None else f"{value:f}"
        rows.append(
            tag("li", shown.to_cell(cell, shown.name(cell)), tag("span", text), class_=None if value else "nil")
        )
    formula = tag("p", finding.formula, class_="formula") if finding.formula else NOTHING
    summary = tag("summary", shown.words.places.format(count=len(rows)))
    return tag("details", summary, formula, tag("ul", joined(rows), class_="places"))
