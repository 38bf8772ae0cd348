/** What is told of incidents while they live, step by step. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LiveFinding, LiveIncidents, type LiveOptions, type LiveState } from '../../src/incidents/live.js';
import { isErrorRecord, type LogRecord } from '../../src/model/log-record.js';
import { asIs } from '../helpers/found.js';
import { jiraRecord } from '../helpers/records.js';
import { compiled, rule } from '../helpers/rules.js';

const MINUTE = 60_000; // milliseconds
const START = Date.parse('2026-11-20T09:00:00Z');

const pool = rule({ id: 'acme/pool', match: { text: 'pool exhausted' } });
const often = rule({ id: 'acme/often', match: { text: 'login failed' }, when: { count: 2, within: '5m' } });
const trace = rule({ id: 'acme/trace', match: { text: 'refused the index' }, supersedes: ['acme/pool'] });
const RULES = [pool, often, trace];

/** A log at whose end somebody writes. */
class Script {
  readonly live: LiveIncidents;
  readonly #matcher = compiled(RULES);
  #number = 0;

  constructor(options: Partial<LiveOptions> = {}, state: LiveState | null = null, isUnclean = false) {
    const usual = { evidence: 3, several: false, mask: asIs, maskKey: asIs, day: () => '2026-11-24', unknown: 0 };
    const all = { rules: RULES, resolveAfter: 30 * MINUTE, isShown: () => true, ...usual, ...options };
    this.live = new LiveIncidents(all, state, isUnclean);
  }

  /** A record at that minute ends. */
  ends(minute: number, message: string, { of = this.#number++, trust = 'sure' as const } = {}): this {
    const record = recordAt(minute, message, of);
    const place = { time: record.time, source: 0, offset: record.offset };
    this.live.settle('a.log', { key: String(of), extent: message }, trust, (grouper) => {
      const matches = this.#matcher.match(record);
      if (matches.length > 0) grouper.add(matches, place);
      else if (isErrorRecord(record)) grouper.addUnknown(record, place, null);
    });
    return this.at(minute);
  }

  /** The last record, which may still grow, says this so far. */
  says(minute: number, message: string): this {
    const record = recordAt(minute, message, this.#number);
    const place = { time: record.time, source: 0, offset: record.offset };
    const matches = this.#matcher.match(record);
    const previews = this.live.previewOf(matches, record, place, matches.length === 0 && isErrorRecord(record));
    this.live.preview('a.log', 'sure', [{ key: String(this.#number), extent: message, previews }]);
    return this;
  }

  /** The time of the log is that minute. */
  at(minute: number): this {
    const now = START + minute * MINUTE;
    this.live.advance(now, now, 'sure');
    return this;
  }

  /** An orderly stop. */
  stops(): this {
    this.live.finish();
    return this;
  }

  told(): string[] {
    return this.live.take().map(worded);
  }

  state(): LiveState {
    return JSON.parse(this.live.stateText()) as LiveState;
  }
}

function recordAt(minute: number, message: string, number: number): LogRecord {
  const time = new Date(START + minute * MINUTE).toISOString();
  const record = jiraRecord(message, {
    time: `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000`,
  });
  const { message: said, body, throwables, httpFailures } = record;
  return { ...record, message: said, body, throwables, httpFailures, offset: number * 1000 };
}

/** `opened acme/pool 1 (2 of episode 3), revision 4, provisional` */
function worded(event: LiveFinding): string {
  const name = event.rule === null ? 'an unknown error' : event.rule.id;
  const episode = event.episode === 1 ? '' : ` (${event.episodeCount} of episode ${event.episode})`;
  const flags = `${event.provisional ? ', provisional' : ''}${event.duplicatePossible ? ', perhaps twice' : ''}`;
  return `${event.event} ${name} ${event.count}${episode}, revision ${event.revision}${flags}`;
}

const nine = Array.from({ length: 9 }, (_, index) => index / 10);

describe('an incident', () => {
  const CASES: readonly (readonly [name: string, run: (script: Script) => Script, told: readonly string[]])[] = [
    ['is opened by its first sighting', (log) => log.ends(0, 'pool exhausted'), ['opened acme/pool 1, revision 1']],
    [
      'is not told of again at once',
      (log) => log.ends(0, 'pool exhausted').ends(1, 'pool exhausted'),
      ['opened acme/pool 1, revision 1'],
    ],
    [
      'is told of at ten sightings',
      (log) => nine.reduce((all, minute) => all.ends(minute, 'pool exhausted'), log).ends(1, 'pool exhausted'),
      ['opened acme/pool 1, revision 1', 'updated acme/pool 10, revision 2'],
    ],
    [
      'is told of when it has grown and ten minutes have passed',
      (log) => log.ends(0, 'pool exhausted').ends(9, 'pool exhausted').ends(10, 'pool exhausted'),
      ['opened acme/pool 1, revision 1', 'updated acme/pool 3, revision 2'],
    ],
    [
      'is told of at an orderly stop, if it has grown',
      (log) => log.ends(0, 'pool exhausted').ends(1, 'pool exhausted').stops().stops(),
      ['opened acme/pool 1, revision 1', 'updated acme/pool 2, revision 2'],
    ],
    [
      'is resolved when it was not seen for half an hour of the log',
      (log) => log.ends(0, 'pool exhausted').at(29.9).at(30).at(60),
      ['opened acme/pool 1, revision 1', 'resolved acme/pool 1, revision 2'],
    ],
    [
      'that is seen again opens its next episode',
      (log) => log.ends(0, 'pool exhausted').at(30).ends(40, 'pool exhausted'),
      [
        'opened acme/pool 1, revision 1',
        'resolved acme/pool 1, revision 2',
        'opened acme/pool 2 (1 of episode 2), revision 3',
      ],
    ],
    ['of several records is opened by the last of them', (log) => log.ends(0, 'login failed'), []],
    [
      'of several records counts all of them',
      (log) => log.ends(0, 'login failed').ends(1, 'login failed').at(9),
      ['opened acme/often 2, revision 1'],
    ],
    [
      'of a record that may still grow is provisional, and told of when that has ended',
      (log) => log.says(0, 'pool exhausted').ends(0, 'pool exhausted'),
      ['opened acme/pool 1, revision 1, provisional', 'updated acme/pool 1, revision 2'],
    ],
    [
      'is told of again when its record has grown',
      (log) => log.says(0, 'pool exhausted').says(0, 'pool exhausted\n\tat a.B.c(B.java:1)'),
      ['opened acme/pool 1, revision 1, provisional', 'updated acme/pool 1, revision 2, provisional'],
    ],
    [
      'is withdrawn when its record turns out to say something else',
      (log) => log.says(0, 'pool exhausted').ends(0, 'pool exhausted, refused the index'),
      [
        'opened acme/pool 1, revision 1, provisional',
        'opened acme/trace 1, revision 1',
        'withdrawn acme/pool 0, revision 2',
      ],
    ],
    [
      'that was withdrawn altogether may be opened again, in its first episode',
      (log) => log.says(0, 'pool exhausted').ends(0, 'pool exhausted, refused the index').ends(1, 'pool exhausted'),
      [
        'opened acme/pool 1, revision 1, provisional',
        'opened acme/trace 1, revision 1',
        'withdrawn acme/pool 0, revision 2',
        'opened acme/pool 1, revision 3',
      ],
    ],
  ];
  for (const [name, run, told] of CASES) test(name, () => assert.deepEqual(run(new Script()).told(), told));

  test('that no rule knows is told of, of so many kinds as were asked for', () => {
    const script = new Script({ unknown: 1 });
    script.ends(0, 'first trouble').ends(1, 'other trouble altogether').ends(2, 'first trouble').stops();
    assert.deepEqual(script.told(), [
      'opened an unknown error 1, revision 1',
      'updated an unknown error 2, revision 2',
    ]);
  });

  test('of a rule that is not shown is not told of', () => {
    assert.deepEqual(new Script({ isShown: () => false }).ends(0, 'pool exhausted').stops().told(), []);
  });
});

describe('what is kept', () => {
  test('lets an incident go on where it was', () => {
    const first = new Script();
    first.ends(0, 'pool exhausted').ends(1, 'pool exhausted').stops();
    first.told();
    const second = new Script({}, first.state());
    assert.deepEqual(second.ends(11, 'pool exhausted', { of: 2 }).told(), ['updated acme/pool 3, revision 3']);
  });

  test('after an unclean stop, what had changed since it was told is flagged once', () => {
    const first = new Script();
    first.ends(0, 'pool exhausted').ends(1, 'pool exhausted');
    assert.deepEqual(first.told(), ['opened acme/pool 1, revision 1']);
    const second = new Script({}, first.state(), true);
    second.ends(11, 'pool exhausted', { of: 2 }).ends(22, 'pool exhausted', { of: 3 });
    assert.deepEqual(second.told(), [
      'updated acme/pool 3, revision 2, perhaps twice',
      'updated acme/pool 4, revision 3',
    ]);
    assert.equal(second.live.duplicatesPossible, 1);
  });

  test('says nothing of a rule that is there no more', () => {
    const first = new Script();
    first.ends(0, 'pool exhausted');
    const second = new Script({ rules: [often] }, first.state());
    assert.deepEqual(second.stops().told(), []);
    assert.deepEqual([...second.live.found()], []);
  });

  test('takes back what was told of a record that is there no more', () => {
    const first = new Script();
    first.says(0, 'pool exhausted');
    assert.deepEqual(first.told(), ['opened acme/pool 1, revision 1, provisional']);
    const second = new Script({}, first.state());
    second.stops();
    assert.deepEqual(second.told(), []);
    second.live.reconcile();
    assert.deepEqual(second.told(), ['withdrawn acme/pool 0, revision 2']);
  });
});
