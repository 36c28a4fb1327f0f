/** Pictures that wait until they are near; browsers by themselves load what is three screens away. */

const NEAR = "400px"; // how far below the window

export function wireLate(root = document) {
  const watch = new IntersectionObserver(
    entries => {
      for (const {target, isIntersecting} of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        target.src = target.dataset.src;
      }
    },
    {rootMargin: NEAR},
  );
  for (const image of root.querySelectorAll("img[data-src]")) watch.observe(image);
}
