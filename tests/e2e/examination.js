// What a page must be for everybody, found out inside it. Evaluated after axe; each function gives a list of complaints.
window.examination = (() => {
  const seen = (each) => each.ariaHidden !== "true" && each.type !== "hidden" && each.checkVisibility({visibilityProperty: true});
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const named = (each) => each.outerHTML.slice(0, 200);
  const scrolls = (each) => /auto|scroll/.test(getComputedStyle(each).overflowX);

  const scrolledBy = (each) => {
    let within = each.parentElement;
    while (within && !scrolls(within)) within = within.parentElement;
    return within;
  };

  return {
    async violations(rules) {
      const brief = {resultTypes: ["violations"], elementRef: false, selectors: false};
      const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
      const found = await axe.run(document, {...brief, ...only});
      return found.violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 300)}`);
    },

    // Keys alone: each control takes the focus in the document's order, and shows it.
    unreachable() {
      const found = [];
      for (const each of all("a[href], button, input, select, textarea, summary")) {
        if (each.disabled || each.closest("#drop")) continue; // dropping is for the mouse; forms take the same files
        each.focus();
        if (document.activeElement !== each || each.tabIndex !== 0) found.push(`no focus: ${named(each)}`);
        const style = getComputedStyle(each);
        if (style.outlineStyle === "none" && style.boxShadow === "none") found.push(`focus not seen: ${named(each)}`);
      }
      document.activeElement.blur();
      return found;
    },

    // Nothing is cut off by the window; what scrolls by itself may be wider.
    outside(width) {
      const found = [];
      const page = document.documentElement.scrollWidth;
      if (page > width) found.push(`the page is ${page} wide`);
      for (const each of all("a[href], button, input, select, textarea, summary, h1, h2, h3, label, p")) {
        if (each.matches(".skip") || scrolledBy(each)) continue;
        const box = each.getBoundingClientRect();
        if (box.left < -0.5 || box.right > width + 0.5) found.push(`cut off at ${Math.round(box.right)}: ${named(each)}`);
        const short = each.scrollWidth > each.clientWidth + 1;
        if (short && each.matches("button, [role=button]")) found.push(`text cut off: ${named(each)}`);
      }
      return found;
    },
  };
})();
