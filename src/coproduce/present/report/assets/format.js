// Numbers and dates for reading.
const NOISE = 5e-7;

function decimalsFor(values) {
  const sizes = values.filter((v) => v !== null && Math.abs(v) > NOISE).map(Math.abs);
  if (sizes.every((v) => Number.isInteger(v))) return 0;
  const largest = Math.max(...sizes), smallest = Math.min(...sizes);
  // Numbers of several units in one column: each by its own size.
  if (largest >= 1e5) return smallest < 1 && largest > smallest ? undefined : 0;
  if (smallest < 0.01) return 3;
  return largest >= 1000 && smallest >= 1 ? 1 : 2;
}

function formatNumber(value, decimals) {
  if (value === null || value === undefined) return '';
  if (Math.abs(value) <= NOISE) return '0';
  const most = decimals === undefined ? decimalsFor([value]) : decimals;
  const text = value.toLocaleString('en-GB', { minimumFractionDigits: decimals || 0, maximumFractionDigits: most });
  if (!/[1-9]/.test(text)) return (value > 0 ? '<' : '>−') + (10 ** -most).toFixed(most);
  return text.replace('-', '−');
}

function formatCompact(value) {
  return value.toLocaleString('en-GB', { notation: 'compact', maximumFractionDigits: 1 }).replace('-', '−');
}

function formatShare(value) {
  if (value === null || value === undefined) return '';
  if (value === 0) return '0 %';
  const percent = 100 * value;
  return (Math.abs(percent) >= 1 ? formatNumber(percent, 1) : percent.toPrecision(2)) + ' %';
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function formatDate(text) {
  if (!text) return '';
  const [date, time] = text.split(' ');
  const [year, month, day] = date.split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}${time ? ` ${time}` : ''}`;
}

function withUnit(title, unit) {
  return unit ? `${title} (${unit})` : title;
}
