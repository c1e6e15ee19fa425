/** Whether what is on the page can be read: the contrast of WCAG 2.2, 1.4.3. Promises to look at every text that is drawn. */
import type { Page } from 'playwright-core';

/** Texts whose contrast with the ground behind them is below 4.5, with what it is. */
export function tooFaint(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(${look})()`);
}

/** Runs in the browser. */
const look = `function () {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (channels(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === '' || !node.checkVisibility({ visibilityProperty: true })) continue;
    const [light, dark] = [luminance(getComputedStyle(node).color), luminance(groundOf(node))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) found.push(texts.currentNode.data.trim().slice(0, 60) + ': ' + contrast.toFixed(2));
  }
  return found;
}`;
