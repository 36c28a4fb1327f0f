// Makes a player of each film on the page that is still a picture which moves by itself.
for (const film of document.querySelectorAll('.relukit-film:not([data-player])')) {
  const [moving, listed] = film.querySelectorAll('details');
  const image = moving.querySelector('img');
  const captions = [...listed.querySelectorAll('li')].map((item) => item.textContent);
  const last = captions.length - 1;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  // The frames are stored once: the player shows the ones inside the picture.
  const text = decodeURIComponent(image.src.slice(image.src.indexOf(',') + 1));
  const drawing = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  const stage = document.importNode(drawing, true);
  stage.querySelector('style').remove();
  stage.setAttribute('role', 'img');
  stage.setAttribute('aria-label', image.alt);
  const frames = [...stage.querySelectorAll('g')];

  const button = make('button', {type: 'button'});
  const slider = make('input', {type: 'range', min: 1, max: last + 1, ariaLabel: 'Frame of the film'});
  const place = make('span', {ariaHidden: 'true'});
  const caption = make('p', {role: 'status'});
  const paper = make('p', {className: 'paper', textContent: captions[film.dataset.still]});
  const controls = make('div', {className: 'controls'});
  controls.append(button, slider, place);

  let now = 0;
  let timer = 0;
  const show = (to) => {
    now = Math.max(0, Math.min(last, to));
    frames.forEach((frame, number) => {
      frame.style.visibility = number > now ? 'hidden' : 'visible';
    });
    slider.value = now + 1;
    place.textContent = now + 1 + ' of ' + (last + 1);
    slider.setAttribute('aria-valuetext', place.textContent);
    caption.textContent = captions[now];
  };
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = 'Play';
    film.removeAttribute('data-playing');
    caption.setAttribute('aria-live', 'polite');
  };
  const play = () => {
    caption.setAttribute('aria-live', 'off'); // else a reader would speak without end
    if (now === last) show(0);
    button.textContent = 'Pause';
    film.dataset.playing = 'yes';
    timer = setInterval(() => {
      if (now + 1 === last) pause();
      show(now + 1);
    }, 1000 * film.dataset.seconds);
  };

  button.addEventListener('click', () => (timer ? pause() : play()));
  slider.addEventListener('input', () => {
    pause();
    show(slider.value - 1);
  });
  stage.addEventListener('click', () => slider.focus());
  controls.addEventListener('keydown', (event) => {
    const to = {
      ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    pause();
    show(to);
  });

  pause();
  show(0);
  moving.hidden = true;
  listed.before(stage, paper, controls, caption);
  for (const part of [button, slider, ...film.querySelectorAll('summary')]) {
    part.dataset.lmSuppressShortcuts = 'true'; // JupyterLab would take the keys
  }
  film.dataset.player = 'yes';
}
