// A panel: one chart with its finding, unit, choices, data table and download.
const PANELS = {};
const panels = [];
// What else starts with the page, after its charts.
const starters = [];
const PRINT_WIDTH = 640;
const PRINT_HEIGHT = 220;

class Panel {
  constructor(figure, definition) {
    this.figure = figure;
    this.definition = definition;
    this.name = figure.dataset.panel;
    this.state = {};
    this.part = (name) => figure.querySelector(`[data-part="${name}"]`);
    this.makeChoices();
    this.part('table-button').addEventListener('click', () => this.toggleTable());
    this.part('csv-button').addEventListener('click', () => {
      const { fields, rows } = this.view().table;
      downloadCsv(this.name, fields, rows);
    });
    startPictures(figure, this.name, () => this.picture());
    this.describe();
  }

  // The drawing as it stands, with the words above it.
  picture() {
    const view = this.view();
    return {
      svg: new DOMParser().parseFromString(this.chart.renderToSVGString(), 'image/svg+xml').documentElement, width: this.chart.getWidth(), height: this.chart.getHeight(),
      words: { subject: this.figure.dataset.subject, finding: view.finding, unit: view.unit },
    };
  }

  makeChoices() {
    const host = this.part('choices');
    host.replaceChildren();
    this.selects = (this.definition.choices || []).map((choice) => {
      const select = element('select', {});
      const label = element('label', {}, element('span', {}, choice.title), select);
      select.addEventListener('change', () => { this.state[choice.key] = Number(select.value); this.refresh(); });
      host.append(label);
      return { choice, select, label };
    });
    this.fillChoices();
  }

  fillChoices() {
    for (const { choice, select, label } of this.selects) {
      const options = choice.options(this.state);
      this.state[choice.key] = Math.min(this.state[choice.key] || 0, Math.max(options.length - 1, 0));
      select.replaceChildren(...options.map((text, value) => element('option', { value }, text)));
      select.value = String(this.state[choice.key]);
      label.hidden = options.length < 2;
    }
  }

  view() {
    return this.definition.view(this.state);
  }

  describe() {
    const view = this.view();
    this.part('finding').textContent = view.finding;
    this.part('unit').textContent = view.unit;
    this.part('note').textContent = view.remark || '';
    this.part('note').hidden = !view.remark;
    this.part('chart').setAttribute('aria-label', `${this.figure.dataset.subject}. ${view.finding} Unit: ${view.unit}.`);
    return view;
  }

  refresh() {
    this.fillChoices();
    this.describe();
    if (this.chart) this.draw();
    if (this.table) this.fillTable();
  }

  // `most` bounds the height, for paper; charts whose rows need their room keep it.
  draw(most = 0) {
    const host = this.part('chart');
    const view = this.view();
    if (view.height) host.style.height = `${view.height(host.clientWidth)}px`;
    else if (most) host.style.height = `${most}px`;
    if (!this.chart) this.chart = echarts.init(host, null, { renderer: 'svg' });
    else this.chart.resize();
    this.chart.setOption(view.option(this.chart.getWidth()), { notMerge: true });
    if (this.definition.click) {
      this.chart.off('click');
      this.chart.on('click', (event) => this.definition.click(event, view));
    }
  }

  toggleTable() {
    const host = this.part('table'), button = this.part('table-button');
    host.hidden = !host.hidden;
    button.setAttribute('aria-expanded', String(!host.hidden));
    button.textContent = host.hidden ? 'Show as table' : 'Hide table';
    if (!this.table && !host.hidden) this.fillTable();
  }

  fillTable() {
    const { fields, rows, note } = this.view().table;
    this.table = new DataTable(this.part('table'), {
      title: this.figure.dataset.subject, fields, rows, note, paged: rows.length > 80, name: this.name,
    });
  }
}

function startPanels() {
  for (const figure of document.querySelectorAll('figure[data-panel]')) {
    panels.push(new Panel(figure, PANELS[figure.dataset.panel]));
  }
  const shown = () => panels.filter((panel) => panel.figure.offsetParent);
  const redraw = () => shown().forEach((panel) => panel.draw());
  themeListeners.push(redraw);
  let waiting = 0;
  addEventListener('resize', () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(redraw); });
}

// Paper shows every tab; what was never opened is made now.
function preparePrint() {
  if (document.documentElement.classList.contains('printing')) return;
  document.documentElement.classList.add('printing');
  for (const link of tabLinks) {
    if (!opened.has(panelOf(link).id)) startTables(panelOf(link));
    opened.add(panelOf(link).id);
  }
  for (const panel of panels) {
    panel.part('chart').style.width = `${PRINT_WIDTH}px`;
    panel.draw(PRINT_HEIGHT);
  }
  tables.forEach((table) => table.update(true));
}

function endPrint() {
  document.documentElement.classList.remove('printing');
  for (const panel of panels) {
    panel.part('chart').style.width = panel.part('chart').style.height = '';
    if (panel.figure.offsetParent) panel.draw();
  }
  tables.forEach((table) => table.update());
}
