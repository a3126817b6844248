// Starts the page.
const tables = [];

function startTables() {
  for (const host of document.querySelectorAll('[data-sheet]')) {
    const sheet = DATA.sheets[host.dataset.sheet];
    tables.push(new DataTable(host, { ...sheet, rows: rowsOf(sheet), name: host.dataset.sheet }));
  }
}

// The link of the section that is read is marked in the navigation.
function followReading() {
  const links = new Map([...document.querySelectorAll('nav a')].map((link) => [link.getAttribute('href').slice(1), link]));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.get(entry.target.id);
      if (!link || !entry.isIntersecting) continue;
      links.forEach((other) => other.removeAttribute('aria-current'));
      link.setAttribute('aria-current', 'true');
    }
  }, { rootMargin: '-20% 0px -70% 0px' });
  document.querySelectorAll('main section[id]').forEach((section) => watcher.observe(section));
}

startTheme();
startTables();
startPanels();
startMap();
followReading();
addEventListener('beforeprint', preparePrint);
addEventListener('afterprint', endPrint);
document.getElementById('print').addEventListener('click', () => print());
document.documentElement.dataset.ready = 'true';
