// A slide that is too full gets a smaller font until it fits.
const SMALLEST = 0.5;
const fit = (slide) => {
  for (let size = 1; size >= SMALLEST; size -= 0.05) {
    slide.style.fontSize = `${size}em`;
    if (slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth) return;
  }
};
const deck = new Reveal({
  width: 1280,
  height: 720,
  margin: 0.02,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  viewDistance: 1000, // all are laid out, so that all can be measured
});
deck.initialize().then(async () => {
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  deck.getSlides().forEach(fit);
  document.body.dataset.fitted = "yes";
});
