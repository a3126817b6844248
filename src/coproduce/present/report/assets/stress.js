// A stress test: deliveries against the promise, the chance to keep it, and what the loss comes from.
const SCOPES = ['item', 'tier', 'customer'];
const bandsOf = (state) => DATA.bands.filter((one) => one.scope === SCOPES[state.scope || 0]);
const MOST_BARS = 30;
const moreRows = (rows) => (rows.length > MOST_BARS ? `Drawn are the first ${MOST_BARS} of ${formatNumber(rows.length, 0)}; the table has all.` : '');

// The room between two curves: the lower one is drawn without a colour, the rest is stacked on it.
function room(name, low, high, strength) {
  const stack = { stack: name, silent: true, symbol: 'none', lineStyle: { opacity: 0 } };
  const rest = high.map((value, place) => Number((value - low[place]).toFixed(6)));
  return [
    line(`${name} from`, low, 'series-1', { ...stack, areaStyle: { opacity: 0 }, tooltip: { show: false } }),
    line(name, rest, 'series-1', { ...stack, areaStyle: { color: colour('series-1'), opacity: strength }, tooltip: { show: false } }),
  ];
}

PANELS.bands = {
  choices: [
    { key: 'scope', title: 'By', options: () => SCOPES },
    { key: 'name', title: 'Which', options: (state) => bandsOf(state).map((one) => one.name) },
  ],
  view(state) {
    const found = bandsOf(state), one = found[state.name || 0] || found[0];
    const end = (curve) => formatNumber(one[curve].at(-1) || 0);
    const thick = { color: colour('text'), width: 2 };
    return {
      finding: `${one.name}: ${end('planned')} planned, ${end('q50')} or more in half of the replications, ${end('q05')} or more in 95 %.`,
      unit: `${one.unit}, cumulative`,
      remark: 'Pale: 5 to 95 % of the replications. Darker: 25 to 75 %.',
      option: (width) => {
        const lines = [
          line('Asked', one.asked, 'series-2', { lineStyle: { color: colour('series-2'), width: 2, type: [3, 3] } }),
          line('Plan', one.planned, 'text', { lineStyle: thick }),
          line('Without any risk', one.quiet, 'series-4', { lineStyle: { color: colour('series-4'), width: 2, type: [8, 4] } }),
          line('Half of the replications', one.q50, 'series-1'),
        ];
        const chart = timeChart(width, one.unit, [...room('5 to 95 %', one.q05, one.q95, 0.16), ...room('25 to 75 %', one.q25, one.q75, 0.28), ...lines]);
        chart.legend.data = lines.map((each) => each.name);
        chart.grid.top = 18 + 24 * legendRows(width, chart.legend.data);
        const tell = timeTip(one.unit), shown = new Set(chart.legend.data);
        chart.tooltip.formatter = (points) => tell(points.filter((point) => shown.has(point.seriesName)));
        return chart;
      },
      table: {
        note: 'Units delivered by the end of each bucket.',
        fields: [field(DATA.time.noun, 'text'), ...[['Asked'], ['Plan'], ['Without risk'], ['Mean'], ['5 %'], ['25 %'], ['Half'], ['75 %'], ['95 %']].map(([title]) => field(title, 'number', one.unit))],
        rows: LABELS.map((label, place) => [label, ...['asked', 'planned', 'quiet', 'mean', 'q05', 'q25', 'q50', 'q75', 'q95'].map((curve) => one[curve][place])]),
      },
    };
  },
};

// Strokes on bars: lines with an end at either side, none between two bars.
function strokes(ends, symbolSize, width = 2) {
  return {
    type: 'line', silent: true, z: 5, symbol: 'rect', symbolSize, connectNulls: false, itemStyle: { color: colour('text') }, lineStyle: { color: colour('text'), width },
    data: ends.flatMap((pair, place) => (pair === null ? [] : [...pair.map((value) => [value, place]), [null, null]])),
  };
}

// The interval of each bar, where it is known and has a length.
const whiskers = (rows, low = 'low', high = 'high') =>
  strokes(rows.map((one) => (one[low] === null || one[low] === undefined || one[low] === one[high] ? null : [one[low], one[high]])), [2, 11]);

const wholeShare = (value) => `${Math.round(100 * value)} %`;

// A bar for each row, its figure at the right edge, clear of bars and strokes.
function rowChart(width, rows, { valueOf, shadeOf, figureOf, tipOf, axis = {}, more = [], marks = [] }) {
  const narrow = width < NARROW, chart = base(width, { formatter: ([point]) => tip(rows[point.dataIndex].name, tipOf(rows[point.dataIndex])) });
  const bare = { type: 'category', inverse: true, axisLine: { show: false }, axisTick: { show: false } };
  const longest = Math.max(...rows.map((one) => one.name.length));
  return {
    ...chart, legend: { show: false }, grid: { ...chart.grid, top: marks.length ? 24 : 8 },
    xAxis: valueAxis({ ...(narrow ? { splitNumber: 2 } : {}), ...axis }),
    yAxis: [
      { ...bare, data: rows.map((one) => one.name), axisLabel: { color: colour('text'), interval: 0, overflow: 'break', fontSize: narrow ? 11 : 13, lineHeight: narrow ? 13 : 16, width: Math.min(narrow ? 140 : 330, 0.36 * width, 12 + 8 * longest) } },
      { ...bare, position: 'right', data: rows.map(figureOf), axisLabel: { color: colour('text'), interval: 0, fontSize: narrow ? 11 : 12 } },
    ],
    series: [{
      type: 'bar', barMaxWidth: 20, data: rows.map((one) => ({ value: valueOf(one), itemStyle: { color: colour(shadeOf(one)), ...hatch(shadeOf(one)) } })),
      markLine: { silent: true, symbol: 'none', lineStyle: { color: colour('muted'), type: [3, 3], width: 1 }, label: { color: colour('muted'), position: 'start', formatter: ({ value }) => Math.round(100 * value) }, data: marks.map((value) => ({ xAxis: value })) },
    }, ...more],
  };
}

const rowHeight = (rows) => (width) => 60 + (width < NARROW ? 46 : 34) * rows.length;
const interval = (low, high, form = formatNumber) => (low === null || low === high ? [] : [['', '95 % interval', `${form(low)} to ${form(high)}`]]);

PANELS.chances = {
  choices: [{ key: 'group', title: 'Of', options: () => DATA.chances.map((one) => one.title) }],
  view(state) {
    const { title, noun, rows } = DATA.chances[state.group || 0], drawn = rows.slice(0, MOST_BARS);
    const sure = rows.filter((one) => one.low >= 0.9).length, broken = rows.filter((one) => one.broken).length;
    return {
      finding: `${sure} of ${formatNumber(rows.length, 0)} ${noun}${rows.length === 1 ? '' : 's'} can be relied on with 90 % or more.`,
      unit: 'share of the replications in which all is delivered in time',
      remark: ['Hatched: below 80 %. The thin strokes are 95 % intervals.', broken ? `At the end stand ${broken} that the plan itself does not keep.` : '', moreRows(rows)].filter(Boolean).join(' '),
      height: rowHeight(drawn),
      option: (width) => rowChart(width, drawn, {
        valueOf: (one) => one.chance, shadeOf: (one) => (one.chance < 0.8 ? 'late' : 'on-time'), figureOf: (one) => formatShare(one.chance),
        axis: { min: 0, max: 1, interval: 0.2, axisLabel: { color: colour('muted'), formatter: wholeShare, fontSize: 12 } }, more: [whiskers(drawn)], marks: [0.8, 0.9, 0.95],
        tipOf: (one) => [['', 'Kept', formatShare(one.chance)], ...interval(one.low, one.high, formatShare), ['', 'Asked for', `${formatNumber(one.asked)} ${one.unit}${one.due ? ` by ${one.due}` : ''}`],
          ['', 'In the plan', `${formatNumber(one.planned)} ${one.unit}`], ...[80, 90, 95].map((share) => ['', `In ${share} % at least`, `${formatNumber(one[`at_${share}`])} ${one.unit}`])],
      }),
      table: {
        fields: [field(title, 'text'), field('By', 'text'), field('Kept', 'share'), field('From', 'share'), field('To', 'share'), field('Asked for'), field('In the plan'), ...[80, 90, 95].map((share) => field(`In ${share} % at least`)), field('Unit', 'text')],
        rows: rows.map((one) => [one.name, one.due, one.chance, one.low, one.high, one.asked, one.planned, one.at_80, one.at_90, one.at_95, one.unit]),
      },
    };
  },
};

const LATE_DAYS = 'late unit-days';
PANELS.tornado = {
  choices: [],
  view() {
    const { bars: rows, total, taken_apart: count } = DATA.tornado, drawn = rows.slice(0, MOST_BARS), most = rows[0];
    const shades = { plan: 'series-8', timing: 'series-2', drill: 'series-5' };
    return {
      finding: !count ? 'No replication was taken apart.' : !(total > NOISE) ? 'Nothing is late.'
        : `${formatNumber(total)} ${LATE_DAYS} a replication; most of it: ${most.name}, ${formatNumber(most.late_unit_days)}.`,
      unit: `${LATE_DAYS}, mean of ${formatNumber(count, 0)} replications taken apart`,
      remark: [`Grey: late in the plan itself. Hatched: timing inside buckets.${rows.some((one) => one.source === 'drill') ? ' Rose, hatched across: drills.' : ''} The thin strokes are 95 % intervals.`, moreRows(rows)].filter(Boolean).join(' '),
      height: rowHeight(drawn),
      option: (width) => rowChart(width, drawn, {
        valueOf: (one) => one.late_unit_days, shadeOf: (one) => shades[one.source] || (one.late_unit_days < 0 ? 'series-4' : 'series-1'), figureOf: (one) => formatCompact(one.late_unit_days), more: [whiskers(drawn)],
        tipOf: (one) => [['', LATE_DAYS, formatNumber(one.late_unit_days)], ...interval(one.low, one.high), ['', 'units never delivered', formatNumber(one.undelivered)],
          ...(one.happens === null ? [] : [['', 'happens in', formatShare(one.happens)], ['', 'events a replication', formatNumber(one.events)]])],
      }),
      table: {
        fields: [field('Where the loss comes from', 'text'), field('Mean loss', 'number', LATE_DAYS, true), field('From'), field('To'), field('Never delivered', 'number', 'units', true), field('Happens in', 'share')],
        rows: rows.map((one) => [one.name, one.late_unit_days, one.low, one.high, one.undelivered, one.happens]),
      },
    };
  },
};
