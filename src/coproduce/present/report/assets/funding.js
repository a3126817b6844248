// The charts about money: in and out by month, draws and repayments by year.
const MONEY_SHADES = ['series-1', 'series-2', 'series-4', 'series-6', 'series-3', 'series-5', 'series-7'];
const OTHERS = 'series-8';

// Accounts beyond the colours are drawn as one.
function drawnAccounts(accounts) {
  const most = MONEY_SHADES.length, shown = accounts.slice(0, accounts.length > most ? most - 1 : most), rest = accounts.slice(shown.length);
  const made = shown.map((one, place) => ({ ...one, shade: MONEY_SHADES[place] }));
  if (rest.length) made.push({ name: `${rest.length} others`, shade: OTHERS, received: add(...rest.map((one) => one.received)), spent: add(...rest.map((one) => one.spent)) });
  return made;
}

function moneyTip(titles, unit) {
  return (points) => tip(titles[points[0].dataIndex], points
    .filter((point) => Math.abs(point.value || 0) > NOISE)
    .map((point) => [point.color, point.seriesName, `${formatNumber(point.value, 0)} ${unit}`]));
}

function cashChart(width, accounts) {
  const series = accounts.flatMap((one) => [
    bars(one.name, one.received, one.shade, { stack: 'money' }), bars(one.name, negative(one.spent), one.shade, { stack: 'money' })]);
  const chart = timeChart(width, DATA.money.currency, series);
  chart.grid.top = 18 + 24 * legendRows(width, accounts.map((one) => one.name));
  chart.tooltip.formatter = moneyTip(LABELS, DATA.money.currency);
  return chart;
}

PANELS.cash = {
  choices: [
    { key: 'group', title: 'Of', options: () => DATA.money.groups.map((one) => one.title) },
    { key: 'account', title: 'Account', options: (state) => ['All', ...DATA.money.groups[state.group || 0].accounts.map((one) => one.name)] },
  ],
  view(state) {
    const group = DATA.money.groups[state.group || 0], currency = DATA.money.currency;
    const accounts = state.account ? [group.accounts[state.account - 1]] : group.accounts;
    const sum = (way) => formatCompact(accounts.flatMap((one) => one[way]).reduce((total, value) => total + value, 0));
    return {
      finding: `${state.account ? accounts[0].name : group.title}: received ${sum('received')} ${currency}, spent ${sum('spent')} ${currency}${DATA.money.later ? ` until ${LABELS.at(-1)}` : ''}.`,
      unit: `${currency} a month; above the line received, below it spent`,
      remark: DATA.money.later ? 'Later months, in which loans are repaid, are in the table of cash and in the chart of repayments.' : '',
      option: (width) => cashChart(width, drawnAccounts(accounts)),
      table: {
        fields: [field('Month', 'text'), ...accounts.flatMap((one) => [field(`${one.name}: received`, 'number', currency, true), field(`${one.name}: spent`, 'number', currency, true)])],
        rows: LABELS.map((label, place) => [label, ...accounts.flatMap((one) => [one.received[place], one.spent[place]])]),
      },
    };
  },
};

// Rows of fund, year and amounts as one stacked bar a year.
function yearly(rows, parts, finding) {
  const years = [], currency = DATA.money.currency;
  for (let year = Math.min(...rows.map((one) => one.year)); year <= Math.max(...rows.map((one) => one.year)); year += 1) years.push(year);
  const of = (name, year) => parts(rows).filter((one) => one.name === name && one.year === year).reduce((sum, one) => sum + one.amount, 0);
  // A fund has the colour that it has by month.
  const place = (name) => DATA.money.groups[0].accounts.findIndex((one) => one.name === name);
  const names = [...new Set(parts(rows).map((one) => one.name))].sort((a, b) => place(a) - place(b));
  const stacks = names.map((name, place) => ({ name, shade: MONEY_SHADES[place % MONEY_SHADES.length], values: years.map((year) => of(name, year)) }));
  return {
    finding, unit: `${currency} a year`,
    option: (width) => {
      const chart = base(width, { formatter: moneyTip(years.map(String), currency) });
      chart.grid.top = 18 + 24 * legendRows(width, names);
      return { ...chart, xAxis: { ...timeAxis(width), data: years.map(String), axisLabel: { color: colour('muted'), fontSize: 12 } }, yAxis: valueAxis(), series: stacks.map((one) => bars(one.name, one.values, one.shade, { stack: 'year' })) };
    },
    table: { fields: [field('Year', 'text'), ...names.map((name) => field(name, 'number', currency, true))], rows: years.map((year, place) => [String(year), ...stacks.map((one) => one.values[place])]) },
  };
}

const moneySum = (rows, name) => formatCompact(rows.reduce((sum, one) => sum + one[name], 0));

PANELS.drawn = {
  view: () => yearly(DATA.money.drawn, (rows) => rows.map((one) => ({ name: one.fund, year: one.year, amount: one.amount })),
    `Drawn in all: ${moneySum(DATA.money.drawn, 'amount')} ${DATA.money.currency}.`),
};

PANELS.repaid = {
  choices: [{ key: 'fund', title: 'Loan', options: () => ['All', ...new Set(DATA.money.repaid.map((one) => one.fund))] }],
  view(state) {
    const funds = [...new Set(DATA.money.repaid.map((one) => one.fund))];
    const rows = state.fund ? DATA.money.repaid.filter((one) => one.fund === funds[state.fund - 1]) : DATA.money.repaid;
    return yearly(rows, (all) => all.flatMap((one) => [{ name: 'repaid', year: one.year, amount: one.principal }, { name: 'interest', year: one.year, amount: one.interest }]),
      `Repaid ${moneySum(rows, 'principal')}, interest ${moneySum(rows, 'interest')} ${DATA.money.currency}.`);
  },
};
