import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INCIDENT_EVENTS } from '../../src/model/incident.js';
import { cloudEvent } from '../../src/reporters/cloudevents.js';
import { evidence, incident, unknown } from '../helpers/reports.js';

const SOURCE = '/logscan/8f1c2f5e-0d43-4c8e-9b11-6f2d3a4b5c6d';

test('an incident is a CloudEvent whose data is the object of NDJSON', () => {
  const object = incident({
    id: 'inc_5f1c0a9e42d7',
    event: 'updated',
    revision: 7,
    lastAt: '2026-05-01T10:42:10.001Z',
    evidence: [evidence({ line: 3 }), evidence({ origin: 'bundle.zip!/a/jira.log.2', line: 48211 })],
  });
  assert.deepEqual(cloudEvent(object, SOURCE), {
    specversion: '1.0',
    id: 'inc_5f1c0a9e42d7/7',
    source: SOURCE,
    type: 'dev.logscan.incident.updated.v1',
    subject: 'bundle.zip!/a/jira.log.2:48211',
    time: '2026-05-01T10:42:10.001Z',
    datacontenttype: 'application/json',
    data: object,
  });
});

for (const event of INCIDENT_EVENTS) {
  test(`what was ${event} is told by the type`, () => {
    assert.equal(attributes(cloudEvent(incident({ event }), SOURCE)).type, `dev.logscan.incident.${event}.v1`);
  });
}

test('what is not known is left out', () => {
  const names = Object.keys(cloudEvent(unknown({ lastAt: null, evidence: [] }), SOURCE));
  assert.deepEqual(names, ['specversion', 'id', 'source', 'type', 'datacontenttype', 'data']);
});

test('no name of a file puts a character into an attribute that may not stand there', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (origin) => {
      const { subject } = attributes(cloudEvent(incident({ evidence: [evidence({ origin })] }), SOURCE));
      assert.ok(subject!.isWellFormed());
      assert.doesNotMatch(subject!, /[\x00-\x1f\x7f-\x9f]|\p{Noncharacter_Code_Point}/u);
    }),
    { examples: [['a\nb'], ['\ud800'], ['\ufffe\ufdd0\u{1ffff}'], ['\u0085']] },
  );
});

function attributes(event: object): Record<string, string | undefined> {
  return event as Record<string, string | undefined>;
}
