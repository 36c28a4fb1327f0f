/** Elements of HTML and SVG, and what sections carry. */

const SVG = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value != null)
      element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An HTML element; attributes that begin with "on" are listeners. */
export const el = (name, attributes = {}, ...children) =>
  filled(document.createElement(name), attributes, children);

/** An SVG element. */
export const svg = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));

/** A number with a true minus sign. */
export const shown = (v, decimals = 2) =>
  v
    .toFixed(decimals)
    .replace(/^-(?=0?\.?0*$)/, "")
    .replace("-", "−");

/** The JSON that a section carries. */
export const dataOf = host =>
  JSON.parse(host.querySelector('script[type="application/json"]').textContent);
