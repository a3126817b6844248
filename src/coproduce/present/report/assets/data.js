// The plan's data as it is embedded in the page; tables are turned from columns into rows.
const DATA = JSON.parse(document.getElementById('plan-data').textContent);

function rowsOf(sheet) {
  const columns = sheet.columns.map((column) =>
    column.words ? column.codes.map((code) => column.words[code]) : column);
  return Array.from({ length: sheet.rows }, (_, row) => columns.map((column) => column[row]));
}

// A small helper to build elements without markup in strings: text can never become markup.
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== 'list') made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
