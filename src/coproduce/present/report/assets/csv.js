// Downloads of tables as CSV that a spreadsheet opens without running anything.
function csvCell(value, kind) {
  if (value === null || value === undefined) return '';
  if (kind === 'number' || kind === 'share') return String(value);
  let text = String(value);
  // A spreadsheet takes text that begins with these signs for a formula; the apostrophe keeps it text.
  if (/^[=+\-@\t\r\n]/.test(text)) text = `'${text}`;
  return /[",;\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvText(fields, rows) {
  const head = fields.map((field) => csvCell(withUnit(field.title, field.unit), 'text'));
  const lines = rows.map((row) => row.map((value, column) => csvCell(value, fields[column].kind)).join(','));
  return [head.join(','), ...lines, ''].join('\r\n');
}

function downloadCsv(name, fields, rows) {
  // The byte order mark makes Excel read the file as UTF-8.
  const blob = new Blob(['\ufeff', csvText(fields, rows)], { type: 'text/csv;charset=utf-8' });
  save(blob, `${DATA.file}-${name}.csv`);
}
