// Evaluated in a page: answers one line for everything that is wrong with it.
() => {
  const visible = element => element.checkVisibility({visibilityProperty: true});
  const all = selector => [...document.querySelectorAll(selector)];
  const excerpt = element => element.outerHTML.slice(0, 100);

  // Relative luminance and contrast as WCAG 2.2 defines them.
  const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const numbers = text => (text.match(/[\d.]+/g) || []).map(Number);
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((first, second) => second - first);
    return (high + 0.05) / (low + 0.05);
  };

  const background = element => {
    for (let node = element; node; node = node.parentElement) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };

  const paleTexts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim();
      const element = walker.currentNode.parentElement;
      if (!text || !visible(element)) continue;
      if (element.closest("title, desc, script, .visually-hidden, :disabled")) continue;
      const style = getComputedStyle(element);
      const ink = numbers(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ink.length && contrast(ink, background(element)) < (large ? 3 : 4.5)) found.push(text.slice(0, 40));
    }
    return found;
  };

  // 2.5.8: what stands alone is at least 24 pixels high and wide; a check box counts with its label.
  const smallTargets = () =>
    all("button, summary, select, input:not([type=hidden]), .btn, nav a").filter(visible).filter(element => {
      if (["checkbox", "radio"].includes(element.type)) return !element.labels?.length;
      const box = element.getBoundingClientRect();
      return box.height < 24 || box.width < 20;
    });

  const width = document.documentElement.clientWidth;
  const isWide = document.documentElement.scrollWidth > width;
  const wide = isWide ? all("body *").filter(element => element.getBoundingClientRect().right > width + 1) : [];

  const unnamed = all("input:not([type=hidden]), select, textarea").filter(
    element => !element.labels?.length && !element.ariaLabel && !element.getAttribute("aria-labelledby"));

  const ids = all("[id]").map(element => element.id);

  return [
    ...(isWide ? [`wider than the window by ${document.documentElement.scrollWidth - width}`] : []),
    ...wide.slice(0, 5).map(element => `too wide: ${excerpt(element)}`),
    ...paleTexts().map(text => `too little contrast: ${text}`),
    ...smallTargets().map(element => `target too small: ${excerpt(element)}`),
    ...unnamed.map(element => `without a label: ${excerpt(element)}`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map(id => `twice the same id: ${id}`),
  ];
}
