// The map of exposure: what its shades show is chosen, and said in the key and in the unit.
const SHOWN = { loss: 'Loss by risks', survival: 'Survival less recovery' };

function startExposure() {
  const figure = document.getElementById('exposure-panel'), svg = figure && figure.querySelector('svg');
  if (!svg) return;
  const show = (view) => {
    svg.dataset.view = view;
    for (const one of figure.querySelectorAll('[data-shown]')) one.hidden = one.dataset.shown !== view;
  };
  const views = figure.dataset.views.split(' ');
  if (views.length > 1) {
    const select = element('select', {}, ...views.map((view) => element('option', { value: view }, SHOWN[view])));
    figure.querySelector('[data-part="choices"]').append(element('label', {}, element('span', {}, 'Shades'), select));
    select.addEventListener('change', () => show(select.value));
  }
  show(views[0]);
  const box = svg.viewBox.baseVal, text = (query) => figure.querySelector(query).textContent;
  startPictures(figure, 'exposure', () => ({ svg: inlined(svg), width: box.width, height: box.height, words: {
    subject: text('.subject'), finding: text('h3:not([hidden])'), unit: text('.unit:not([hidden])') } }));
  showNotes(figure, svg);
}
starters.push(startExposure);
