import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndjsonLine } from '../../src/reporters/ndjson.js';
import { evidence, incident, report } from '../helpers/reports.js';

const HOSTILE = 'a\nb\u2028c\u2029d\ud800e\x1b[2J\x9b\u202e';

test('an object is one line that reads back as the same object', () => {
  const object = incident({
    title: HOSTILE,
    captures: { [HOSTILE]: HOSTILE },
    evidence: [evidence({ text: HOSTILE })],
  });
  const line = ndjsonLine(object);
  assert.match(line, /^[^\n\r\u2028\u2029]+\n$/);
  assert.deepEqual(JSON.parse(line), object);
});

test('a line is valid UTF-8 even where the log was not valid Unicode', () => {
  const line = ndjsonLine(incident({ title: 'a\udc00b\ud800' }));
  assert.equal(new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode(line)), line);
  assert.ok(line.isWellFormed());
});

test('a run is written with its fields in their order', () => {
  assert.equal(
    ndjsonLine(report().run),
    '{"kind":"run","schema":"logscan.incident/1","tool":{"name":"logscan","version":"0.1.0"},"startedAt":"2026-11-24T08:00:00Z",' +
      '"asOf":"2026-11-24","packs":[{"name":"database","version":"1","rules":1}],"inputs":[{"path":"jira.log","bytes":20000000}]}\n',
  );
});
