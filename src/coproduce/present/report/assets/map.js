// The map: choice of the item whose flows are drawn, notes under the pointer and under the focus.
const THINNEST = 1.4, THICKEST = 9;

function startMap() {
  const figure = document.getElementById('map-panel');
  const svg = figure && figure.querySelector('svg');
  if (!figure) return;
  const sheet = DATA.sheets.flows;
  const host = figure.querySelector('[data-part="table"]'), button = figure.querySelector('[data-part="table-button"]');
  button.addEventListener('click', () => {
    host.hidden = !host.hidden;
    button.setAttribute('aria-expanded', String(!host.hidden));
    button.textContent = host.hidden ? 'Show as table' : 'Hide table';
  });
  tables.push(new DataTable(host, { ...sheet, rows: rowsOf(sheet), name: 'flows' }));
  figure.querySelectorAll('[data-part="png-button"], [data-part="svg-button"]').forEach((one) => { one.hidden = !svg; });
  if (svg) {
    const box = svg.viewBox.baseVal;
    startPictures(figure, 'map', () => ({ svg: inlined(svg), width: box.width, height: box.height, words: {
      subject: figure.querySelector('.subject').textContent, finding: figure.querySelector('h3').textContent, unit: figure.querySelector('[data-part="unit"]').textContent } }));
  }
  figure.querySelector('[data-part="csv-button"]').addEventListener('click', () => downloadCsv('flows', sheet.fields, rowsOf(sheet)));
  if (svg && svg.querySelector('.arc')) chooseFlows(figure, svg);
  if (svg) showNotes(figure, svg);
}

function chooseFlows(figure, svg) {
  const { items, arcs } = DATA.flows;
  const unit = figure.querySelector('[data-part="unit"]');
  if (items.length < 2) { if (items.length) unit.textContent = `width of a line: ${items[0].unit} of ${items[0].name} over the horizon`; return; }
  const select = element('select', {}, element('option', { value: '' }, 'All items (lane units)'),
    ...items.map((one, place) => element('option', { value: place }, `${one.name} (${one.unit})`)));
  figure.querySelector('[data-part="choices"]').append(element('label', {}, element('span', {}, 'Item'), select));
  const volume = (arc, item) => (item ? (arc[item.item] || [0])[0] : Object.values(arc).reduce((sum, [, size]) => sum + size, 0));
  select.addEventListener('change', () => {
    const item = select.value === '' ? null : items[Number(select.value)];
    const groups = [...svg.querySelectorAll('.arc')];
    const volumes = groups.map((group) => volume(arcs[Number(group.dataset.arc)], item));
    const widest = Math.max(...volumes, NOISE);
    groups.forEach((group, place) => {
      group.classList.toggle('unused', volumes[place] <= NOISE);
      group.querySelector('.flow').setAttribute('stroke-width', THINNEST + (THICKEST - THINNEST) * volumes[place] / widest);
    });
    unit.textContent = `width of a line: ${item ? `${item.unit} of ${item.name}` : 'lane units (the measure in which items share a lane)'} over the horizon`;
  });
}

function showNotes(figure, svg) {
  const note = element('div', { className: 'tip map-tip', hidden: true });
  figure.querySelector('.map-frame').append(note);
  const show = (target, x, y) => {
    const [title, ...lines] = target.querySelector('title').textContent.split('\n');
    note.replaceChildren(element('strong', {}, title), ...lines.map((text) => element('div', {}, element('span', {}, text))));
    note.hidden = false;
    const frame = figure.querySelector('.map-frame').getBoundingClientRect();
    note.style.left = `${Math.min(Math.max(x - frame.left + 14, 4), Math.max(frame.width - note.offsetWidth - 4, 4))}px`;
    note.style.top = `${Math.min(Math.max(y - frame.top + 14, 4), Math.max(frame.height - note.offsetHeight - 4, 4))}px`;
  };
  const hide = () => { note.hidden = true; };
  for (const target of svg.querySelectorAll('.arc, .spot')) {
    target.addEventListener('pointermove', (event) => show(target, event.clientX, event.clientY));
    target.addEventListener('pointerleave', hide);
    target.addEventListener('focus', () => { const box = target.getBoundingClientRect(); show(target, box.left + box.width / 2, box.top + box.height / 2); });
    target.addEventListener('blur', hide);
  }
  addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
}
