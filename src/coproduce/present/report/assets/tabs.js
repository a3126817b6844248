// The tabs: one part of the report at a time, reached by pointer, by keys and by address (#late, #late/demand).
const tabLinks = [...document.querySelectorAll('[data-part="tabs"] a')];
const panelOf = (link) => document.getElementById(link.hash.slice(1));
const opened = new Set();
const openListeners = [];

function readHash() {
  let text = location.hash.slice(1);
  try { text = decodeURIComponent(text); } catch { /* a broken address opens the first tab */ }
  const cut = text.indexOf('/');
  return cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1)];
}

function writeHash(hash, replace) {
  try { history[replace ? 'replaceState' : 'pushState'](null, '', hash); } catch { /* the address cannot be changed here */ }
}

function openTab(link, place = '') {
  for (const other of tabLinks) {
    const chosen = other === link;
    other.setAttribute('aria-selected', String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    panelOf(other).classList.toggle('open', chosen);
  }
  const panel = panelOf(link);
  startTab(panel);
  link.scrollIntoView({ block: 'nearest', inline: 'center' });
  if (!place) { scrollTo(0, 0); return; }
  openListeners.forEach((listen) => listen(panel.id, place));
}

// What a tab holds is made when it is first opened; its charts fit the room that they then have.
function startTab(panel) {
  const again = opened.has(panel.id);
  opened.add(panel.id);
  if (!again) startTables(panel);
  panels.filter((one) => panel.contains(one.figure)).forEach((one) => one.draw());
}

function followHash() {
  const [id, place] = readHash();
  const link = tabLinks.find((one) => one.hash === `#${id}`);
  if (link) openTab(link, place);
  else if (!id) openTab(tabLinks[0]);
}

function moveBetweenTabs(event) {
  const here = tabLinks.indexOf(event.target.closest('a')), last = tabLinks.length - 1;
  const to = {
    ArrowDown: here === last ? 0 : here + 1, ArrowRight: here === last ? 0 : here + 1,
    ArrowUp: here === 0 ? last : here - 1, ArrowLeft: here === 0 ? last : here - 1, Home: 0, End: last,
  }[event.key];
  if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) {
    if (event.key === ' ') { event.preventDefault(); event.target.click(); }
    return;
  }
  event.preventDefault();
  writeHash(tabLinks[to].hash, true);
  openTab(tabLinks[to]);
  tabLinks[to].focus({ preventScroll: true });
}

function startTabs() {
  const list = document.querySelector('[data-part="tabs"]');
  list.setAttribute('role', 'tablist');
  list.setAttribute('aria-label', 'Parts of the report');
  const wide = matchMedia('(min-width: 62.01rem)');
  const orient = () => list.setAttribute('aria-orientation', wide.matches ? 'vertical' : 'horizontal');
  wide.addEventListener('change', orient);
  orient();
  for (const link of tabLinks) {
    link.setAttribute('role', 'tab');
    link.setAttribute('aria-controls', panelOf(link).id);
    panelOf(link).setAttribute('role', 'tabpanel');
    panelOf(link).tabIndex = -1;
  }
  list.addEventListener('keydown', moveBetweenTabs);
  // Links to a tab, wherever they stand, open it; the focus goes to what was opened.
  document.addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (!link || link.classList.contains('skip') || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (location.hash !== link.hash) writeHash(link.hash, false);
    followHash();
    if (!list.contains(link) && !readHash()[1]) panelOf(tabLinks.find((one) => one.hash === link.hash)).focus({ preventScroll: true });
  });
  addEventListener('popstate', followHash);
  addEventListener('hashchange', followHash);
  followHash();
  if (!opened.size) openTab(tabLinks[0]);
}
