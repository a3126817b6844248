// What charts are drawn with: axes, tips, lines, bars and hatches.
const LABELS = DATA.time.labels;
const field = (title, kind = 'number', unit = '', total = false) => ({ title, kind, unit, total });
const accumulate = (values) => { let sum = 0; return values.map((value) => Number((sum += value || 0).toFixed(6))); };
const add = (...arrays) => arrays[0].map((_, place) => Number(arrays.reduce((sum, one) => sum + (one[place] || 0), 0).toFixed(6)));
const negative = (values) => values.map((value) => (value ? -value : value));
const anything = (values) => values.some((value) => Math.abs(value || 0) > NOISE);

function shortLabel(place, first) {
  if (DATA.time.noun !== 'month') return LABELS[place];
  const [month, year] = LABELS[place].split(' ');
  return month === 'Jan' || place === first ? `${month}\n${year}` : month;
}

// Months are labelled by quarters, half-years or years, so that January always has its label.
function labelInterval(width) {
  const room = Math.max(2, Math.floor(width / (DATA.time.noun === 'month' ? 46 : 96)));
  const steps = DATA.time.noun === 'month' ? [1, 3, 6, 12] : [1, 2, 4, 5, 10, 13, 20, 26, 52];
  const step = steps.find((one) => LABELS.length / one <= room) || Math.ceil(LABELS.length / room);
  const offset = DATA.time.noun === 'month' ? Number(DATA.time.starts[0].slice(5, 7)) - 1 : 0;
  return { first: (step - (offset % step)) % step, shown: (place) => (place + offset) % step === 0 };
}

function timeAxis(width) {
  const labels = labelInterval(width);
  return {
    type: 'category', data: LABELS.map((_, place) => place),
    axisLabel: { color: colour('muted'), interval: labels.shown, formatter: (value) => shortLabel(Number(value), labels.first), fontSize: 12, lineHeight: 15 },
    axisLine: { lineStyle: { color: colour('line-strong') } }, axisTick: { show: false }, splitLine: { show: false },
  };
}

function valueAxis(extra = {}) {
  return {
    type: 'value', axisLabel: { color: colour('muted'), formatter: formatCompact, fontSize: 12 },
    splitLine: { lineStyle: { color: colour('line') } }, axisLine: { show: false }, splitNumber: 4, ...extra,
  };
}

function tip(title, lines) {
  const box = element('div', { className: 'tip' }, element('strong', {}, title));
  for (const [mark, name, value] of lines) {
    const dot = element('i', {});
    if (mark) dot.style.background = mark;
    box.append(element('div', {}, dot, element('span', {}, name), element('b', {}, value)));
  }
  return box;
}

function timeTip(unit) {
  return (points) => tip(LABELS[points[0].dataIndex], points
    .filter((point) => Math.abs(point.value || 0) > NOISE)
    .map((point) => [point.color, point.seriesName, `${formatNumber(Math.abs(point.value))} ${unit}`]));
}

function base(width, tooltip) {
  return {
    animation: false,
    // Double quotes of a font's name would end an attribute of the picture.
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily.replaceAll('"', "'") },
    grid: { left: 8, right: 16, top: 40, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, itemGap: 18, icon: 'roundRect', textStyle: { color: colour('text'), fontSize: 13 } },
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'shadow', shadowStyle: { color: colour('shade') } }, confine: true, appendTo: 'body',
      backgroundColor: colour('raised'), borderColor: colour('line-strong'), textStyle: { color: colour('text'), fontSize: 13 }, ...tooltip,
    },
    aria: { enabled: false },
  };
}

const LEGEND_LETTERS = 30;

// The plot begins below the last row of the legend.
function legendRows(width, names) {
  let rows = 1, used = 0;
  for (const name of names) {
    const room = 38 + 7 * Math.min(name.length, LEGEND_LETTERS);
    if (used && used + room > width - 12) { rows += 1; used = 0; }
    used += room;
  }
  return rows;
}

function timeChart(width, unit, series) {
  const chart = base(width, { formatter: timeTip(unit) });
  chart.grid.top = 18 + 24 * legendRows(width, series.map((one) => one.name));
  chart.legend.formatter = (name) => (name.length > LEGEND_LETTERS ? `${name.slice(0, LEGEND_LETTERS - 1)}…` : name);
  return { ...chart, xAxis: timeAxis(width), yAxis: valueAxis(), series };
}

// What is told apart by colour is told apart by hatching as well.
const HATCHES = {
  late: { dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  'series-2': { dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  'series-3': { symbol: 'circle', dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
  'series-5': { dashArrayX: [1, 0], dashArrayY: [4, 3] },
  'series-6': { dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  'series-7': { symbol: 'rect', dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.7 },
  'out-1': { dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  'out-2': { dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  'out-3': { dashArrayX: [1, 0], dashArrayY: [4, 3] },
  'in-1': { symbol: 'circle', dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
};
const hatch = (shade) => (HATCHES[shade] ? { decal: { color: colour('hatch'), ...HATCHES[shade] } } : {});

const bars = (name, data, shade, extra = {}) =>
  ({ name, type: 'bar', data, itemStyle: { color: colour(shade), ...hatch(shade) }, barMaxWidth: 34, barCategoryGap: '25%', ...extra });
const line = (name, data, shade, extra = {}) =>
  ({ name, type: 'line', data, symbol: LABELS.length === 1 ? 'circle' : 'none', symbolSize: 8, lineStyle: { color: colour(shade), width: 2.5 }, itemStyle: { color: colour(shade) }, ...extra });

const NARROW = 620;

function barChart(width, names, values, unit, shadeOf) {
  const narrow = width < NARROW;
  return {
    ...base(width, { formatter: ([point]) => tip(point.name.replace('\n', ': '), [[point.color, unit, formatNumber(point.value)]]) }),
    legend: { show: false },
    grid: { left: 8, right: narrow ? 48 : 74, top: 8, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: valueAxis(narrow ? { splitNumber: 2 } : {}),
    yAxis: { type: 'category', data: names, inverse: true, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: colour('text'), fontSize: narrow ? 11 : 13, interval: 0, width: Math.min(narrow ? 150 : 360, 12 + 8 * Math.max(...names.flatMap((name) => name.split('\n')).map((part) => part.length))), overflow: 'break', lineHeight: narrow ? 13 : 16 } },
    series: [{
      type: 'bar', barMaxWidth: 20, data: values.map((value) => ({ value, itemStyle: { color: colour(shadeOf(value)) }, label: { position: value < 0 ? 'left' : 'right' } })),
      label: { show: true, color: colour('text'), fontSize: 12, formatter: ({ value }) => formatCompact(value) },
    }],
  };
}
