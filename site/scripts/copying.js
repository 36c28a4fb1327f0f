/** A button on each piece of code that copies it. */

export function wireCopying(root = document) {
  if (!navigator.clipboard) return;
  for (const block of root.querySelectorAll("div.highlight-python")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
      button.textContent = "copied";
      setTimeout(() => { button.textContent = "copy"; }, 1500);
    });
    block.append(button);
  }
}
