// Tables that sort, filter and turn pages.
const PAGE_ROWS = 25;
const PRINT_ROWS = 25;
const PRINT_DETAILS = 10; // rows that stand open on paper

function sortKey(value, kind) {
  if (value === null || value === undefined || value === '') return null;
  return kind === 'number' || kind === 'share' ? value : String(value);
}

function compareCells(a, b, kind) {
  const left = sortKey(a, kind), right = sortKey(b, kind);
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  return typeof left === 'number' ? left - right : left.localeCompare(right, 'en', { numeric: true });
}

function isBlank(value) {
  return value === null || value === undefined || value === '';
}

class DataTable {
  constructor(host, { title, fields, rows, note = '', facet = -1, units = -1, paged = true, name, detail = null }) {
    Object.assign(this, { host, title, fields, rows, note, facet, units, paged, name, detail });
    this.unfolded = new Set();
    this.page = 0;
    this.sort = null;
    this.query = '';
    this.choice = '';
    this.shown = fields.map((_, column) => column).filter((column) => rows.some((row) => !isBlank(row[column])));
    this.decimals = fields.map((field, column) =>
      field.kind === 'number' ? decimalsFor(rows.map((row) => row[column])) : 0);
    this.build();
  }

  build() {
    this.body = element('tbody');
    this.foot = element('tfoot');
    this.status = element('span', { className: 'table-status', role: 'status' });
    this.caption = element('caption', { className: 'visually-hidden' }, this.title);
    const table = element('table', {}, this.caption, element('thead', {}, this.headings()), this.body, this.foot);
    const scroller = element('div', { className: 'table-scroll', tabIndex: 0, role: 'region' }, table);
    scroller.setAttribute('aria-label', this.title);
    this.host.replaceChildren();
    if (!this.rows.length) {
      this.host.append(element('p', { className: 'empty-state' }, 'Nothing to show here.'));
      return;
    }
    if (this.paged) this.host.append(this.tools());
    this.host.append(scroller);
    if (this.paged) this.host.append(this.pager());
    if (this.note) this.host.append(element('p', { className: 'note' }, this.note));
    this.update();
  }

  headings() {
    const row = element('tr');
    this.longest = {};
    this.heads = this.shown.map((column) => {
      // Room for the words of a column, up to a line of moderate length.
      const longest = this.longest[column] = Math.max(...this.rows.map((one) => String(one[column] ?? '').length), 0);
      const field = this.fields[column];
      const button = element('button', { type: 'button', className: 'sort', onclick: () => this.sortBy(column) }, field.title);
      if (field.unit) button.append(element('span', { className: 'head-unit' }, field.unit));
      const head = element('th', { scope: 'col', className: field.kind }, button);
      if (field.kind === 'number') head.style.minWidth = '4.2rem';
      if (field.kind === 'text') head.style.minWidth = `${Math.min(longest * 0.5 + 1.3, longest > 60 ? 20 : 16)}rem`;
      row.append(head);
      return head;
    });
    return row;
  }

  tools() {
    const bar = element('div', { className: 'table-tools' });
    if (this.rows.length > 8) {
      const input = element('input', { type: 'search', placeholder: 'Filter rows', ariaLabel: `Filter rows of ${this.title}` });
      input.addEventListener('input', () => { this.query = input.value.trim().toLowerCase(); this.page = 0; this.update(); });
      bar.append(input);
    }
    if (this.facet >= 0) {
      const values = [...new Set(this.rows.map((row) => row[this.facet]))].filter((value) => !isBlank(value));
      if (values.length > 1) bar.append(this.facetSelect(values));
    }
    bar.append(element('button', { type: 'button', className: 'quiet', 'data-action': 'csv', onclick: () => this.download() }, 'Download CSV'));
    return bar;
  }

  facetSelect(values) {
    const title = this.fields[this.facet].title;
    const select = element('select', { ariaLabel: `${title} shown in ${this.title}` },
      element('option', { value: '' }, `${title}: all`),
      ...values.map((value) => element('option', { value }, value)));
    select.addEventListener('change', () => { this.choice = select.value; this.page = 0; this.update(); });
    return select;
  }

  pager() {
    const turn = (step) => () => { this.page += step; this.update(); };
    this.back = element('button', { type: 'button', className: 'quiet', onclick: turn(-1) }, 'Previous');
    this.next = element('button', { type: 'button', className: 'quiet', onclick: turn(1) }, 'Next');
    return element('div', { className: 'pager' }, this.status, this.back, this.next);
  }

  sortBy(column) {
    const again = this.sort && this.sort.column === column;
    this.sort = again ? { column, falling: !this.sort.falling } : { column, falling: this.fields[column].kind === 'number' };
    this.page = 0;
    this.update();
  }

  matching() {
    let rows = this.rows;
    if (this.choice) rows = rows.filter((row) => row[this.facet] === this.choice);
    if (this.query) rows = rows.filter((row) => row.some((value, column) => this.cellText(value, column).toLowerCase().includes(this.query)));
    if (this.sort) {
      const { column, falling } = this.sort, kind = this.fields[column].kind;
      rows = [...rows].sort((a, b) => {
        const order = compareCells(a[column], b[column], kind);
        return falling && !isBlank(a[column]) && !isBlank(b[column]) ? -order : order;
      });
    }
    return rows;
  }

  cellText(value, column) {
    const kind = this.fields[column].kind;
    if (isBlank(value)) return '';
    if (kind === 'number') return formatNumber(value, this.decimals[column]);
    if (kind === 'share') return formatShare(value);
    return kind === 'date' ? formatDate(value) : String(value);
  }

  cell(value, column) {
    const field = this.fields[column];
    const cell = element('td', { className: field.kind === 'text' && this.longest[column] <= 18 ? 'text short-text' : field.kind });
    if (field.kind === 'link' && /^https?:\/\//i.test(value || '')) {
      cell.append(element('a', { href: value, rel: 'noopener noreferrer', target: '_blank' }, value));
    } else {
      cell.textContent = this.cellText(value, column);
    }
    if (field.title === 'Input cell') cell.classList.add('place');
    if (field.kind === 'number' && value === 0) cell.classList.add('zero');
    const mark = { Late: 'late', Short: 'short', 'On time': 'on_time' }[value];
    if (mark && field.title === 'Status') cell.classList.add('status', mark);
    return cell;
  }

  // The row, and below it what it opens to.
  bodyRows(row, opened) {
    const made = element('tr', {}, ...this.shown.map((column) => this.cell(row[column], column)));
    if (!this.detail) return [made];
    const open = opened || this.unfolded.has(row[0]);
    const first = made.firstElementChild, words = first.textContent;
    const button = element('button', { type: 'button', className: 'fold', 'aria-expanded': String(open), onclick: () => this.fold(row[0]) }, words);
    first.replaceChildren(button);
    made.dataset.key = row[0];
    if (!open) return [made];
    return [made, element('tr', { className: 'detail' }, element('td', { colSpan: this.shown.length }, this.detail(row)))];
  }

  fold(key) {
    if (!this.unfolded.delete(key)) this.unfolded.add(key);
    this.update();
    this.focusRow(key);
  }

  focusRow(key) {
    const row = [...this.body.children].find((one) => one.dataset.key === key);
    if (row) row.querySelector('.fold').focus({ preventScroll: true });
    return row;
  }

  // Turns to the page of a row, opens it and goes there.
  reveal(key) {
    Object.assign(this, { query: '', choice: '', sort: null });
    const place = this.matching().findIndex((row) => row[0] === key);
    if (place < 0) return;
    this.page = Math.floor(place / PAGE_ROWS);
    this.unfolded.add(key);
    this.update();
    this.focusRow(key).scrollIntoView({ block: 'center' });
  }

  update(printing = false) {
    if (!this.rows.length) return;
    const rows = this.matching();
    const size = printing ? PRINT_ROWS : PAGE_ROWS;
    const pages = this.paged ? Math.max(1, Math.ceil(rows.length / size)) : 1;
    this.page = Math.min(Math.max(this.page, 0), pages - 1);
    const first = printing ? 0 : this.page * size;
    const visible = this.paged ? rows.slice(first, first + size) : rows;
    this.body.replaceChildren(...visible.flatMap((row, place) => this.bodyRows(row, printing && place < PRINT_DETAILS)));
    if (!rows.length) { // nothing passes the filter
      this.body.append(element('tr', {}, element('td', { colSpan: Math.max(this.shown.length, 1), className: 'empty' }, 'No row passes the filter.')));
    }
    this.showTotals(rows);
    this.heads.forEach((head, place) => {
      const active = this.sort && this.sort.column === this.shown[place];
      head.setAttribute('aria-sort', active ? (this.sort.falling ? 'descending' : 'ascending') : 'none');
    });
    if (this.paged) this.showPage(rows.length, first, visible.length, pages, printing);
  }

  showPage(count, first, visible, pages, printing) {
    const range = count > 8 ? `${formatNumber(first + 1, 0)}–${formatNumber(first + visible, 0)} of ${formatNumber(count, 0)}` : '';
    this.status.textContent = printing && count > visible ? `${range}; the page on screen holds all of them` : range;
    this.back.hidden = this.next.hidden = pages === 1;
    this.back.disabled = this.page === 0;
    this.next.disabled = this.page >= pages - 1;
  }

  showTotals(rows) {
    const summed = this.shown.filter((column) => this.fields[column].total);
    this.foot.replaceChildren();
    if (!summed.length || rows.length < 2) return;
    // Trainsets and tonnes are not added up.
    const oneUnit = this.units < 0 || new Set(rows.map((row) => row[this.units])).size === 1;
    const row = element('tr');
    this.shown.forEach((column, place) => {
      const field = this.fields[column];
      if (!field.total || (!oneUnit && !field.unit)) {
        row.append(element('td', { className: field.kind }, place === 0 ? (rows.length < this.rows.length ? 'Total of the rows filtered' : 'Total') : ''));
        return;
      }
      const sum = rows.reduce((total, one) => total + (one[column] || 0), 0);
      row.append(element('td', { className: 'number' }, formatNumber(sum, this.decimals[column])));
    });
    this.foot.append(row);
  }

  download() {
    downloadCsv(this.name, this.fields, this.matching());
  }
}
