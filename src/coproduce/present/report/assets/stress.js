// A stress test: bands of deliveries against the promise, and what the loss comes from.
const SCOPES = ['item', 'tier', 'customer'];
const bandsOf = (state) => DATA.bands.filter((one) => one.scope === SCOPES[state.scope || 0]);

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

PANELS.tornado = {
  choices: [],
  view() {
    const { names, values, unit } = DATA.tornado;
    return {
      finding: names.length ? `Most of the loss: ${names[0]}, ${formatNumber(values[0])} ${unit}.` : 'No loss.',
      unit,
      height: (width) => 56 + (width < NARROW ? 60 : 34) * names.length,
      option: (width) => barChart(width, names, values, unit, (value) => (value < 0 ? 'on-time' : 'series-1')),
      table: { fields: [field('Where the loss comes from', 'text'), field('Mean loss', 'number', unit)], rows: names.map((name, place) => [name, values[place]]) },
    };
  },
};
