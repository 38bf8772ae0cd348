/** What a rule wins over that does not apply is seen in its place, as if that rule were not there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_GROUPS } from '../../src/incidents/grouper.js';
import { type LiveFinding, LiveIncidents } from '../../src/incidents/live.js';
import { UNDECIDED, type Verdict } from '../../src/model/fact.js';
import type { Incident } from '../../src/model/incident.js';
import type { LogRecord } from '../../src/model/log-record.js';
import type { Rule } from '../../src/model/rule.js';
import { asIs, findingsOf, type Seen, seenIn } from '../helpers/found.js';
import { jiraRecord } from '../helpers/records.js';
import { compiled, rule } from '../helpers/rules.js';

const guarded = (name: string, keys: Readonly<Record<string, unknown>> = {}) =>
  rule({ id: `acme/${name}`, match: { text: name }, appliesTo: { gij: '>=3.0' }, ...keys });
const plain = (name: string, keys: Readonly<Record<string, unknown>> = {}) =>
  rule({ id: `acme/${name}`, match: { text: name }, ...keys });

const alpha = guarded('alpha', { supersedes: ['acme/beta', 'acme/often'] });
const beta = plain('beta', { match: { pattern: 'beta(?: of (?<who>\\w+))?' }, groupBy: ['who'] });
const gamma = plain('gamma', { role: 'fallback' });
// Everything that it wins over through another rule it names: in the test that other rule may be gone.
const delta = guarded('delta', { supersedes: ['acme/beta', 'acme/alpha', 'acme/often'] });
const often = plain('often', { match: { text: 'often' }, when: { count: 2, within: '10s' } });
const RULES = [alpha, beta, gamma, delta, often];

const NO: Verdict = { applies: false, reason: 'you run gij 2.9.1; the rule is for >=3.0' };
const ruledOut = (...rules: readonly Rule[]) => ({
  verdictOf: (one: Rule) => (rules.includes(one) ? NO : UNDECIDED),
});

/** A record at that second. */
function at(second: number, message: string): LogRecord {
  const time = new Date(Date.parse('2026-11-20T09:00:00Z') + second * 1000).toISOString();
  return jiraRecord(message, { time: `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000` });
}

const counts = (incidents: readonly Incident[]) =>
  incidents.map(({ rule: { id }, count, applies }) => `${id.slice(5)} ${count} ${applies}`).sort();

test('a rule that is ruled out stays, says why, and what it hid comes forward', () => {
  const seen = seenIn([at(1, 'alpha beta'), at(2, 'beta'), at(3, 'alpha beta')]);
  assert.deepEqual(counts(findingsOf([alpha, beta], seen).incidents), ['alpha 2 null', 'beta 1 null']);
  const { incidents } = findingsOf([alpha, beta], seen, ruledOut(alpha));
  assert.deepEqual(counts(incidents), ['alpha 2 false', 'beta 3 null']);
  const [told] = incidents.filter(({ applies }) => applies === false);
  assert.equal(told!.appliesReason, NO.reason);
  assert.deepEqual(told!.alsoMatched, ['acme/beta']);
});

test('what another rule hides as well stays hidden', () => {
  const seen = seenIn([at(1, 'alpha beta delta'), at(2, 'alpha beta'), at(3, 'delta beta gamma')]);
  assert.deepEqual(counts(findingsOf([alpha, beta, gamma, delta], seen, ruledOut(alpha)).incidents), [
    'alpha 1 false',
    'beta 1 null',
    'delta 2 null',
  ]);
  assert.deepEqual(counts(findingsOf([alpha, beta, gamma, delta], seen, ruledOut(alpha, delta)).incidents), [
    'alpha 2 false',
    'beta 3 null',
    'delta 2 false',
  ]);
});

test('what a rule without a range hides never comes forward, whatever is ruled out', () => {
  const seen = seenIn([at(1, 'beta gamma'), at(2, 'alpha beta gamma')]);
  assert.deepEqual(counts(findingsOf([alpha, beta, gamma], seen, ruledOut(alpha)).incidents), [
    'alpha 1 false',
    'beta 2 null',
  ]);
});

test('an incident that applies says by which fact', () => {
  const reason = 'you run gij 3.4; the rule is for >=3.0';
  const { incidents } = findingsOf([alpha], seenIn([at(1, 'alpha')]), { verdictOf: () => ({ applies: true, reason }) });
  assert.deepEqual([incidents[0]!.applies, incidents[0]!.appliesReason], [true, reason]);
});

test('groups that come forward are bounded, and that is said', () => {
  const records = Array.from({ length: MAX_GROUPS + 5 }, (_, number) => at(number, `alpha beta of user${number}`));
  const { incidents, exceeded } = findingsOf([alpha, beta], seenIn(records), ruledOut(alpha));
  assert.equal(incidents.filter(({ rule: { id } }) => id === 'acme/beta').length, MAX_GROUPS + 1);
  assert.ok(exceeded.some((text) => text.includes('acme/beta')));
});

const MESSAGE = fc
  .tuple(
    fc.subarray(['alpha', 'beta', 'gamma', 'delta', 'often'], { minLength: 1 }),
    fc.constantFrom('', ' of joe', ' of ann'),
  )
  .map(([words, who]) => words.map((word) => (word === 'beta' ? word + who : word)).join(' '));
const SIGHTINGS = fc.array(fc.tuple(fc.nat(40), MESSAGE, fc.nat(2)), { maxLength: 30 });
const OUT = fc.subarray([alpha, delta]);

/** All that is told of incidents but for what else matched. */
function essence(incidents: readonly Incident[]): unknown[] {
  return incidents
    .map(({ id, count, firstAt, lastAt, histogram, captures, evidence, exception }) => {
      return { id, count, firstAt, lastAt, histogram, captures, evidence, exception };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

test('the others are told as if the rules that are ruled out were not there', () => {
  fc.assert(
    fc.property(SIGHTINGS, OUT, fc.integer({ min: 1, max: 4 }), (sightings, out, evidence) => {
      const seen: Seen[] = sightings.map(([second, message, source], number) => ({
        record: { ...at(second, message), ...fieldsOf(at(second, message)), offset: number * 100 },
        source,
      }));
      const with_ = findingsOf(RULES, seen, { ...ruledOut(...out), evidence });
      const without = findingsOf(
        RULES.filter((one) => !out.includes(one)),
        seen,
        { evidence },
      );
      const others = with_.incidents.filter(({ applies }) => applies !== false);
      assert.deepEqual(essence(others), essence(without.incidents));
    }),
    { numRuns: 300 },
  );
});

/** What a record has by getters. */
function fieldsOf({ message, body, throwables, httpFailures }: LogRecord): Partial<LogRecord> {
  return { message, body, throwables, httpFailures };
}

const LIVE = {
  evidence: 3,
  several: false,
  mask: asIs,
  maskKey: asIs,
  day: () => '2026-11-24',
  resolveAfter: 15_000,
  unknown: 0,
  isShown: () => true,
};

test('in a tail the last that is told is what a scan tells, whenever facts become known or change', () => {
  const rules = [alpha, beta, gamma, delta];
  fc.assert(
    fc.property(SIGHTINGS, fc.array(fc.tuple(fc.nat(30), OUT), { maxLength: 4 }), (sightings, changes) => {
      const seen = sightings
        .map(([second, message]) => [second, message] as const)
        .sort(([a], [b]) => a - b)
        .map(([second, message], number) => ({ record: { ...at(second, message), offset: number * 100 }, number }));
      let out: readonly Rule[] = [];
      const verdictOf = (one: Rule) => (out.includes(one) ? NO : UNDECIDED);
      const live = new LiveIncidents({ ...LIVE, rules, verdictOf });
      const matcher = compiled(rules);
      const told = new Map<string, LiveFinding>();
      for (const { record, number } of seen) {
        const full = { ...record, ...fieldsOf(at(0, 'x')), message: record.text };
        const place = { time: record.time, source: 0, offset: record.offset };
        live.settle('a.log', { key: String(number), extent: '' }, 'sure', (grouper) =>
          grouper.add(matcher.match(full), place),
        );
        live.advance(record.time!, record.time!, 'sure');
        for (const [when, then] of changes) {
          if (when !== number) continue;
          out = then;
          live.reconsider();
        }
      }
      live.finish();
      for (const event of live.take()) {
        const before = told.get(event.id);
        assert.equal(event.revision, (before?.revision ?? 0) + 1);
        if (event.event === 'opened') assert.ok(!before || ['resolved', 'withdrawn'].includes(before.event));
        told.set(event.id, event);
      }
      const scan = findingsOf(
        rules,
        seen.map(({ record }) => ({ record: { ...record, ...fieldsOf(at(0, 'x')), message: record.text }, source: 0 })),
        { verdictOf },
      );
      const last = [...told.values()].filter(({ count }) => count > 0) as Incident[];
      assert.deepEqual(essence(last), essence(scan.incidents));
    }),
    { numRuns: 500 },
  );
});

test('an incident that is over is told of again, as over, when it turns out not to apply', () => {
  let out: readonly Rule[] = [];
  const verdictOf = (one: Rule) => (out.includes(one) ? NO : UNDECIDED);
  const live = new LiveIncidents({ ...LIVE, rules: [alpha], verdictOf });
  const record = at(1, 'alpha');
  live.settle('a.log', { key: '0', extent: '' }, 'sure', (grouper) =>
    grouper.add(compiled([alpha]).match(record), { time: record.time, source: 0, offset: 0 }),
  );
  live.advance(record.time! + 15_000, record.time!, 'sure');
  out = [alpha];
  live.reconsider();
  assert.deepEqual(
    (live.take() as Incident[]).map(({ event, count, applies }) => `${event} ${count} ${applies}`),
    ['opened 1 null', 'resolved 1 null', 'resolved 1 false'],
  );
});

test('what is kept of a tail keeps what is hidden', () => {
  const rules = [alpha, beta];
  const options = { ...LIVE, rules, resolveAfter: 1_000_000 };
  let out: readonly Rule[] = [];
  const verdictOf = (one: Rule) => (out.includes(one) ? NO : UNDECIDED);
  const matcher = compiled(rules);
  const first = new LiveIncidents({ ...options, verdictOf });
  const record = at(1, 'alpha beta');
  first.settle('a.log', { key: '0', extent: '' }, 'sure', (grouper) =>
    grouper.add(matcher.match(record), { time: record.time, source: 0, offset: 0 }),
  );
  const second = new LiveIncidents({ ...options, verdictOf }, JSON.parse(first.stateText()));
  out = [alpha];
  second.reconsider();
  assert.deepEqual(
    second.take().map(({ event, rule: of, count, applies }) => `${event} ${of?.id} ${count} ${applies}`),
    ['updated acme/alpha 1 false', 'opened acme/beta 1 null'],
  );
  out = [];
  second.reconsider();
  assert.deepEqual(
    second.take().map(({ event, rule: of, count, applies }) => `${event} ${of?.id} ${count} ${applies}`),
    ['updated acme/alpha 1 null', 'withdrawn acme/beta 0 null'],
  );
});
