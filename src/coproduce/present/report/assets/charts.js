// The charts: what each shows, in which unit, and the same as a table.
const itemChoice = (source) => ({ key: 'item', title: 'Item', options: () => source.items.map((one) => one.name) });
const leftOut = (count, what) => (count ? `${formatNumber(count, 0)} ${what} with smaller quantities are not drawn; the result tables hold them.` : '');

function pickSeries(state) {
  const item = DATA.deliveries.items[state.item || 0];
  return { item, one: item.series[Math.min(state.kind || 0, item.series.length - 1)] };
}

const deliveryChoices = [
  itemChoice(DATA.deliveries),
  { key: 'kind', title: 'For', options: (state) => DATA.deliveries.items[state.item || 0].series.map((one) => one.kind) },
];
const deliveryNote = [DATA.deliveries.note, leftOut(DATA.deliveries.left_out, 'items')].filter(Boolean).join(' ');

PANELS.cumulative = {
  choices: deliveryChoices,
  view(state) {
    const { item, one } = pickSeries(state);
    const asked = accumulate(one.asked), delivered = accumulate(add(one.on_time, one.late));
    return {
      finding: one.finding, unit: `${item.unit}, cumulative`,
      option: (width) => timeChart(width, item.unit, [
        line('Asked for', asked, 'asked', { lineStyle: { color: colour('asked'), width: 2, type: [6, 4] } }),
        line('Delivered', delivered, 'on-time', { areaStyle: { color: colour('on-time'), opacity: 0.12 } }),
      ]),
      table: {
        note: deliveryNote, fields: [field(DATA.time.noun, 'text'), field('Asked for, cumulative', 'number', item.unit), field('Delivered, cumulative', 'number', item.unit), field('Behind', 'number', item.unit)],
        rows: LABELS.map((label, place) => [label, asked[place], delivered[place], Number(Math.max(asked[place] - delivered[place], 0).toFixed(6))]),
      },
    };
  },
};

PANELS.deliveries = {
  choices: [...deliveryChoices, { key: 'split', title: 'Show', options: (state) => (DATA.deliveries.items[state.item || 0].series.length > 2 ? ['On time and late', 'By kind of demand'] : ['On time and late']) }],
  view(state) {
    const { item, one } = pickSeries(state);
    const byKind = state.split === 1 && item.series.length > 2;
    const kinds = byKind ? item.series.slice(1) : [];
    const given = byKind ? kinds.map((kind) => [kind.kind, add(kind.on_time, kind.late)]) : [['Delivered on time', one.on_time], ['Delivered late', one.late]];
    const asked = byKind ? item.series[0].asked : one.asked;
    const shades = byKind ? ['series-1', 'series-2', 'series-3', 'series-4', 'series-5'] : ['on-time', 'late'];
    const sums = given.map(([, values]) => values.reduce((sum, value) => sum + (value || 0), 0));
    const finding = byKind
      ? `Delivered: ${given.map(([name], place) => `${formatNumber(sums[place])} ${name.toLowerCase()}`).join(', ')}.`
      : `${formatNumber(sums[0])} delivered on time, ${sums[1] > NOISE ? formatNumber(sums[1]) : 'none'} late.`;
    return {
      finding, unit: `${item.unit} per ${DATA.time.noun}`,
      option: (width) => {
        const chart = timeChart(width, item.unit, [
          bars('Asked for', asked, 'asked-fill', { z: 1, xAxisIndex: 1, barWidth: '78%', barMaxWidth: 60 }),
          ...given.map(([name, values], place) => bars(name, values, shades[place % shades.length], { stack: 'given', z: 3, barWidth: '44%' })),
        ]);
        // A second, hidden axis centres the narrow bars in front of the wide ones.
        return { ...chart, xAxis: [chart.xAxis, { ...chart.xAxis, show: false, position: 'bottom' }] };
      },
      table: {
        note: deliveryNote,
        fields: [field(DATA.time.noun, 'text'), field('Asked for', 'number', item.unit, true), ...given.map(([name]) => field(name, 'number', item.unit, true))],
        rows: LABELS.map((label, place) => [label, asked[place], ...given.map(([, values]) => values[place])]),
      },
    };
  },
};

PANELS.production = {
  choices: [itemChoice(DATA.production)],
  view(state) {
    const item = DATA.production.items[state.item || 0];
    const drawn = item.sites.slice(0, 7), rest = item.sites.slice(7);
    const sites = rest.length ? [...drawn, { name: `${rest.length} other sites`, values: add(...rest.map((one) => one.values)) }] : drawn;
    return {
      finding: item.finding, unit: `${item.unit} per ${DATA.time.noun}`,
      option: (width) => timeChart(width, item.unit, sites.map((site, place) => bars(site.name, site.values, `series-${place + 1}`, { stack: 'made' }))),
      table: {
        note: leftOut(DATA.production.left_out, 'items'),
        fields: [field(DATA.time.noun, 'text'), ...item.sites.map((site) => field(site.name, 'number', item.unit, true))],
        rows: LABELS.map((label, place) => [label, ...item.sites.map((site) => site.values[place])]),
      },
    };
  },
};

const stockPlaces = DATA.stock.places;
PANELS.stock = {
  choices: [{ key: 'place', title: 'Item and site', options: () => stockPlaces.map((one) => `${one.item} – ${one.site}`) }],
  view(state) {
    const place = stockPlaces[state.place || 0];
    const moves = [
      ['Received', place.received, 'in-1'], ['Produced', place.produced, 'in-2'], ['Moved in', place.moved_in, 'in-3'],
      ['Newer version instead', place.stood_in, 'in-3'],
      ['Consumed', negative(place.consumed), 'out-1'], ['Moved out', negative(place.moved_out), 'out-2'], ['Delivered', negative(place.delivered), 'out-3'],
      ['Given for older versions', negative(place.stands_in), 'out-2'], ['Written off', negative(place.written_off), 'out-1'],
    ].filter(([, values]) => anything(values));
    const changed = ['stood_in', 'stands_in', 'written_off'].some((name) => anything(place[name])) ? ['Newer version instead', 'Given for older versions', 'Written off'] : [];
    const limits = [['Minimum', place.minimum], ['Maximum', place.maximum]].filter(([, values]) => values);
    return {
      finding: place.finding, unit: `${place.unit}; bars: movements in each ${DATA.time.noun} (out is below zero); line: stock at its end`,
      option: (width) => timeChart(width, place.unit, [
        ...moves.map(([name, values, shade]) => bars(name, values, shade, { stack: 'moves' })),
        line('Stock', place.closing, 'text'),
        ...limits.map(([name, values]) => line(name, values, 'muted', { lineStyle: { color: colour('muted'), width: 1.5, type: [4, 4] } })),
      ]),
      table: {
        note: leftOut(DATA.stock.left_out, 'stocks'),
        fields: [field(DATA.time.noun, 'text'), field('Opening', 'number', place.unit), ...['Received', 'Produced', 'Moved in', ...changed.slice(0, 1), 'Consumed', 'Moved out', 'Delivered', ...changed.slice(1)].map((name) => field(name, 'number', place.unit, true)), field('Closing', 'number', place.unit)],
        rows: LABELS.map((label, bucket) => [label, ...['opening', 'received', 'produced', 'moved_in', ...(changed.length ? ['stood_in'] : []), 'consumed', 'moved_out', 'delivered', ...(changed.length ? ['stands_in', 'written_off'] : []), 'closing'].map((name) => place[name][bucket])]),
      },
    };
  },
};

const allResources = DATA.resources.resources;
const HEAT_ROWS = 40;
// The classes of the key above the chart, from no capacity to full.
const HEAT_CLASSES = [
  'closed', 'heat-0', 'heat-1', 'heat-2', 'heat-3', 'heat-4', 'full',
];

function utilisation(resource, bucket) {
  const capacity = resource.capacity[bucket], used = resource.firm[bucket] + resource.planned[bucket];
  return capacity > NOISE ? used / capacity : null;
}

function heatClass(share) {
  if (share === null) return 0;
  if (share <= NOISE) return 1;
  if (share >= 0.999) return 6;
  return share > 0.95 ? 5 : share > 0.75 ? 4 : share > 0.5 ? 3 : 2;
}

PANELS.heat = {
  click: (event, view) => {
    const single = panels.find((panel) => panel.name === 'resource');
    single.state.resource = event.data[1];
    single.refresh();
    single.figure.scrollIntoView({ block: 'center' });
  },
  view() {
    const drawn = allResources.slice(0, HEAT_ROWS);
    const name = (one) => `${one.name} – ${one.site}`;
    return {
      finding: DATA.resources.finding,
      remark: [DATA.resources.note, allResources.length > HEAT_ROWS ? `Drawn are the ${HEAT_ROWS} that are full most often; the table has ${formatNumber(allResources.length, 0)}.` : ''].filter(Boolean).join(' '),
      unit: `share of capacity used, per ${DATA.time.noun}`,
      height: () => 48 + 26 * drawn.length,
      option: (width) => {
        const narrow = width < 560;
        return {
          ...base(width, {
            trigger: 'item', formatter: ({ data }) => {
              const one = drawn[data[1]], unit = one.unit, share = utilisation(one, data[0]);
              return tip(`${name(one)}, ${LABELS[data[0]]}`, [
                [null, 'Capacity', `${formatNumber(one.capacity[data[0]])} ${unit}`], [null, 'Firm', `${formatNumber(one.firm[data[0]])} ${unit}`],
                [null, 'Planned', `${formatNumber(one.planned[data[0]])} ${unit}`], [null, 'Used', share === null ? 'no capacity' : formatShare(share)]]);
            },
          }),
          legend: { show: false },
          grid: { left: 8, right: 8, top: 4, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
          xAxis: { ...timeAxis(width - (narrow ? 130 : 290)), splitArea: { show: false } },
          yAxis: { type: 'category', data: drawn.map(name), inverse: true, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: colour('text'), fontSize: 12, width: narrow ? 120 : 270, overflow: 'truncate' } },
          visualMap: {
            type: 'piecewise', show: false, dimension: 2, pieces: HEAT_CLASSES.map((shade, value) => ({ value, color: colour(shade) })),
          },
          series: [{
            type: 'heatmap', data: drawn.flatMap((one, row) => LABELS.map((_, bucket) => [bucket, row, heatClass(utilisation(one, bucket))])),
            label: { show: true, color: colour('on-full'), fontSize: 9, formatter: ({ data }) => (data[2] === 6 ? '●' : '') },
            itemStyle: { borderColor: colour('surface'), borderWidth: 1 }, emphasis: { itemStyle: { borderColor: colour('text'), borderWidth: 1.5 } },
          }],
        };
      },
      table: {
        note: [allResources.length > HEAT_ROWS ? `The chart shows the ${HEAT_ROWS} resources that are full most often.` : '', leftOut(DATA.resources.left_out, 'resources'), DATA.resources.idle ? `${DATA.resources.idle} resources are never used.` : ''].filter(Boolean).join(' '),
        fields: [field('Resource', 'text'), field('Site', 'text'), field(DATA.time.noun, 'text'), field('Capacity'), field('Firm'), field('Planned'), field('Unit', 'text'), field('Used', 'share')],
        rows: allResources.flatMap((one) => LABELS.map((label, bucket) => [one.name, one.site, label, one.capacity[bucket], one.firm[bucket], one.planned[bucket], one.unit, utilisation(one, bucket)])),
      },
    };
  },
};

PANELS.resource = {
  choices: [{ key: 'resource', title: 'Resource', options: () => allResources.map((one) => `${one.name} – ${one.site}`) }],
  view(state) {
    const one = allResources[state.resource || 0];
    return {
      finding: one.finding, unit: `${one.unit} per ${DATA.time.noun}`, remark: one.limiting,
      option: (width) => timeChart(width, one.unit, [
        ...(anything(one.firm) ? [bars('Firm', one.firm, 'series-3', { stack: 'used' })] : []), bars('Planned', one.planned, 'series-1', { stack: 'used' }),
        line('Capacity', one.capacity, 'text', { step: 'middle', lineStyle: { color: colour('text'), width: 2 } }),
      ]),
      table: {
        fields: [field(DATA.time.noun, 'text'), field('Capacity', 'number', one.unit, true), field('Firm', 'number', one.unit, true), field('Planned', 'number', one.unit, true), field('Used', 'share')],
        rows: LABELS.map((label, bucket) => [label, one.capacity[bucket], one.firm[bucket], one.planned[bucket], utilisation(one, bucket)]),
      },
    };
  },
};

PANELS.limits = {
  choices: [{ key: 'stage', title: 'Stage', options: () => DATA.limits.map((one) => one.stage) }],
  view(state) {
    const one = DATA.limits[state.stage || 0];
    return {
      finding: one.finding, unit: one.unit, height: (width) => 56 + (width < NARROW ? 74 : 46) * one.names.length,
      option: (width) => barChart(width, one.names, one.values, one.unit, () => 'on-time'),
      table: { fields: [field('Limit', 'text'), field('Saved by one more unit', 'number', one.unit)], rows: one.names.map((name, place) => [name.replace('\n', ': '), one.values[place]]) },
    };
  },
};

PANELS.costs = {
  view() {
    const { finding, names, values } = DATA.costs;
    return {
      finding, unit: DATA.currency, height: () => 56 + 38 * names.length,
      option: (width) => barChart(width, names, values, DATA.currency, (value) => (value < 0 ? 'out-1' : 'on-time')),
      table: { fields: [field('Kind', 'text'), field('Amount', 'number', DATA.currency, true)], rows: names.map((name, place) => [name, values[place]]) },
    };
  },
};
