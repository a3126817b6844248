// Starts the page.
const tables = [];

// A late demand opens to its reasons.
function reasonList(sheet) {
  const byDemand = new Map();
  for (const row of rowsOf(sheet)) {
    if (!byDemand.has(row[0])) byDemand.set(row[0], []);
    byDemand.get(row[0]).push(row);
  }
  return (late) => {
    const reasons = byDemand.get(late[0]) || [];
    if (!reasons.length) return element('p', { className: 'note' }, 'No reason is given: the time limit ended the search before this demand, or the list of reasons is cut off.');
    return element('ol', { className: 'reasons' }, ...reasons.map(([, rank, cause, from, until, , , words, cell]) => element('li', { value: rank },
      element('strong', {}, cause), `, ${formatDate(from)} to ${formatDate(until)}. `, element('span', {}, `${words} `), cell ? element('code', {}, cell) : null)));
  };
}

function startTables(part) {
  for (const host of part.querySelectorAll('[data-sheet]')) {
    const name = host.dataset.sheet, sheet = DATA.sheets[name];
    const detail = name === 'late' ? reasonList(DATA.sheets.reasons) : null;
    const table = new DataTable(host, { ...sheet, rows: rowsOf(sheet), name, detail });
    table.host.table = table;
    tables.push(table);
  }
}

// An address such as #late/demand opens the row of that demand; #evidence/sources goes to that heading.
function goTo(part, place) {
  const heading = document.getElementById(`${part}-${place}`);
  if (heading) { heading.scrollIntoView(); heading.focus({ preventScroll: true }); return; }
  const host = document.querySelector(`#${part} [data-sheet="${part}"]`);
  if (host && host.table) host.table.reveal(place);
}

startTheme();
startPanels();
startMap();
starters.forEach((start) => start());
openListeners.push(goTo);
startTabs();
addEventListener('beforeprint', preparePrint);
addEventListener('afterprint', endPrint);
document.getElementById('print').addEventListener('click', () => print());
document.documentElement.dataset.ready = 'true';
