// The curves of a comparison: units delivered over time, one line for each run.
const SHADES = ['series-1', 'series-6', 'series-4', 'series-5', 'series-2', 'series-7', 'series-3', 'series-8'];
const DASHES = ['solid', [8, 4], [2, 3], [10, 3, 2, 3]];

function runLine(run, place) {
  const shade = SHADES[place % SHADES.length];
  const dash = DASHES[(place + Math.floor(place / SHADES.length)) % DASHES.length];
  return line(run.name, run.values, shade, { connectNulls: false, lineStyle: { color: colour(shade), width: 2.5, type: dash } });
}

PANELS['over-time'] = {
  choices: [{ key: 'item', title: 'Item', options: () => DATA.over_time.items.map((one) => one.name) }],
  view(state) {
    const item = DATA.over_time.items[state.item || 0];
    const last = item.runs.map((run) => [run.name, run.values.filter((value) => value !== null).at(-1) || 0]);
    return {
      finding: `${item.name} delivered in all: ${last.map(([name, value]) => `${name} ${formatNumber(value)}`).join(', ')}.`,
      unit: `${item.unit}, cumulative`,
      option: (width) => timeChart(width, item.unit, item.runs.map(runLine)),
      table: {
        note: 'A delivery counts at the end of its bucket.',
        fields: [field(DATA.time.noun, 'text'), ...item.runs.map((run) => field(run.name, 'number', item.unit))],
        rows: LABELS.map((label, place) => [label, ...item.runs.map((run) => run.values[place])]),
      },
    };
  },
};
