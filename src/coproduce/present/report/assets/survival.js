// What may be lost, what options would save and what may be exported.
const dayCount = (value) => (value === null ? 'unknown' : `${formatNumber(value, 0)} ${value === 1 ? 'day' : 'days'}`);
const survived = (one) => `${one.fails_days === null ? 'at least ' : ''}${dayCount(one.survives_days)}`;
const datesOf = (state) => [...new Set(DATA.time_to_survive[state.kind || 0].rows.map((one) => one.date))].sort((a, b) => new Date(a) - new Date(b));
const SURVIVAL_SHADES = { short: 'short', survives: 'on-time', unknown: 'series-8' };

function margin(one) {
  if (one.verdict === 'unknown') return survived(one);
  if (one.verdict === 'short') return `✗ ${dayCount(-one.margin_days)} short`;
  if (one.margin_days <= 0) return `✓ until ${one.margin_days < 0 ? 'the plan ends' : 'it recovers'}`;
  return `✓ ${one.fails_days === null ? 'at least ' : ''}${dayCount(one.margin_days)} to spare`;
}

PANELS.survival = {
  choices: [
    { key: 'kind', title: 'What is lost', options: () => DATA.time_to_survive.map((one) => one.title) },
    { key: 'date', title: 'From', options: datesOf },
  ],
  view(state) {
    const { title, rows: all } = DATA.time_to_survive[state.kind || 0], date = datesOf(state)[state.date || 0];
    const rows = all.filter((one) => one.date === date), drawn = rows.slice(0, MOST_BARS), short = rows.filter((one) => one.verdict === 'short').length;
    const unknown = rows.filter((one) => one.verdict === 'unknown').length, least = rows.reduce((a, b) => (b.survives_days < a.survives_days ? b : a));
    const tiers = [...new Set(rows.map((one) => one.tiers))].join('; ');
    const judged = `${short} of ${formatNumber(rows.length, 0)} recover too late${unknown ? `; for ${formatNumber(unknown, 0)} no time to recover is given` : ''}`;
    const first = `${least.name} holds out shortest, ${survived(least)}; no time to recover is given for any`;
    return {
      finding: `Lost from ${date} on, ${title.toLowerCase()}: ${unknown === rows.length ? first : judged}.`,
      unit: `days lost that cost nothing in tier ${tiers}`,
      remark: ['Bar: time to survive. Upright stroke: time to recover. Orange, ✗: shorter than that; grey: no time to recover is given.', moreRows(rows)].filter(Boolean).join(' '),
      height: rowHeight(drawn),
      option: (width) => rowChart(width, drawn, {
        valueOf: (one) => one.survives_days, shadeOf: (one) => SURVIVAL_SHADES[one.verdict], figureOf: margin,
        more: [strokes(drawn.map((one) => (one.recovery_days === null ? null : [one.recovery_days])), [3, 20])],
        tipOf: (one) => [['', 'survives', survived(one)], ['', 'recovers in', dayCount(one.recovery_days)], ...(one.loss_at_recovery === null ? [] : [['', 'weighted late unit-days then, at least', formatNumber(one.loss_at_recovery)]])],
      }),
      table: {
        fields: [field(title, 'text'), field('From', 'text'), field('Survives', 'number', 'days'), field('Recovers in', 'number', 'days'), field('To spare', 'number', 'days'), field('Verdict', 'text'), field('Lost until recovery, at least', 'number', 'weighted late unit-days')],
        rows: rows.map((one) => [one.name, one.date, one.survives_days, one.recovery_days, one.margin_days, one.verdict, one.loss_at_recovery]),
      },
    };
  },
};

const MILLION = () => `million ${DATA.currency}`;
PANELS.remedies = {
  choices: [{ key: 'by', title: 'Saved', options: () => [`For a ${MILLION()}`, 'In all'] }],
  view(state) {
    const { bars: all, kept, impossible, not_planned: left } = DATA.remedies;
    const key = state.by ? 'saved' : 'saved_per_million', rows = all.filter((one) => one[key] !== null).sort((a, b) => b[key] - a[key]), drawn = rows.slice(0, MOST_BARS);
    const unit = state.by ? `${LATE_DAYS} saved` : `${LATE_DAYS} saved for a ${MILLION()}`, best = rows[0];
    const others = [[all.length - rows.length, 'cost nothing'], [impossible, 'cannot be bought'], [left, 'were not tried']].filter(([count]) => count).map(([count, words]) => `${count} ${words}`).join(', ');
    return {
      finding: best ? `Best ${state.by ? 'in all' : 'for its cost'}: ${best.name}, ${formatNumber(best[key])} ${unit}.` : 'No option could be valued.',
      unit: `${unit}, mean of a replication on the same events`,
      remark: ['The thin strokes are 95 % intervals; one that reaches 0 may save nothing.', kept ? `${kept} of ${all.length} were bought beside the plan as it is; for the others the programme was planned anew.` : '', others ? `Not drawn: ${others}.` : '', 'What options save does not add up: each is bought alone.', moreRows(rows)].filter(Boolean).join(' '),
      height: rowHeight(drawn),
      option: (width) => (drawn.length ? rowChart(width, drawn, {
        valueOf: (one) => one[key], shadeOf: (one) => (one[`${key}_low`] === null || one[`${key}_low`] <= 0 ? 'late' : 'on-time'), figureOf: (one) => formatCompact(one[key]), more: [whiskers(drawn, `${key}_low`, `${key}_high`)],
        tipOf: (one) => [['', one.kept ? 'bought beside the plan as it is' : 'planned anew with it', ''], ['', LATE_DAYS, formatNumber(one.saved)], ...interval(one.saved_low, one.saved_high), ['', 'without any risk, in the plan', formatNumber(one.planned_saved)], ['', 'costs', `${formatNumber(one.investment)} ${DATA.currency}`]],
      }) : base(width)),
      table: {
        note: 'What options save does not add up: each is bought alone.',
        fields: [field('Option', 'text'), field('Plan', 'text'), field('Saved', 'number', LATE_DAYS), field('From'), field('To'), field('Costs', 'number', DATA.currency), field(`For a ${MILLION()}`, 'number', LATE_DAYS), field('From '), field('To ')],
        rows: rows.map((one) => [one.name, one.kept ? 'as it is' : 'made anew', one.saved, one.saved_low, one.saved_high, one.investment, one.saved_per_million, one.saved_per_million_low, one.saved_per_million_high]),
      },
    };
  },
};

PANELS.exports = {
  view() {
    const rows = DATA.exportable.map((one) => ({ ...one, name: `Demand at home kept with ${wholeShare(one.confidence)}` })), kept = rows.filter((one) => one.level !== null);
    const words = (one) => (one.level === null ? 'not even without exports' : `${formatNumber(one.per_month)} a month`);
    return {
      finding: kept.length ? `Demand at home kept with ${rows.map((one) => `${wholeShare(one.confidence)}: ${words(one)}`).join('; ')}.` : `Not even without exports is demand at home kept with ${wholeShare(Math.min(...rows.map((one) => one.confidence)))}.`,
      unit: 'units a month that the plan exports at that level, averaged over the horizon',
      remark: 'Capacity that options which the plan does not buy would add is not in it.',
      height: rowHeight(rows),
      option: (width) => rowChart(width, rows, {
        valueOf: (one) => one.per_month || 0, shadeOf: () => 'on-time', figureOf: words,
        tipOf: (one) => (one.level === null ? [['', 'not kept even without exports', '']] : [['', 'of the exports asked for', formatShare(one.level)], ['', 'units a month', formatNumber(one.per_month)], ['', 'demand at home kept in', formatShare(one.probability)], ...interval(one.probability_low, one.probability_high, formatShare)]),
      }),
      table: {
        fields: [field('Probability', 'share'), field('Of exports asked for', 'share'), field('Units a month'), field('Kept in', 'share'), field('Delivered in that share', 'number', 'units')],
        rows: rows.map((one) => [one.confidence, one.level, one.per_month, one.probability, one.delivered]),
      },
    };
  },
};
