/** A strict reader of Prometheus's text format 0.0.4. */
import assert from 'node:assert/strict';

export interface Family {
  readonly type: string;
  readonly help: string;
  /** Values by what stands between the name and the value: an empty text, or `{reason="truncated"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const LABELS = /^(?:\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})?$/;

/** The metrics of a text, by name; anything that is not as it must be is an AssertionError. */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, Family & { samples: Map<string, number> }>();
  assert.ok(text.endsWith('\n'), 'the last line has an end');
  let name = '';
  let help: string | null = null;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('# HELP ')) {
      assert.equal(help, null, `${line}: after a HELP follows its TYPE`);
      [, name = '', help = ''] = /^# HELP ([a-z]+(?:_[a-z]+)+) (\S.*[.])$/.exec(line) ?? assert.fail(line);
      assert.ok(!families.has(name), `${name} comes once`);
      assert.doesNotMatch(help, /\\(?![\\n])/);
    } else if (line.startsWith('# TYPE ')) {
      const [, typed, type = ''] = /^# TYPE (\S+) (counter|gauge)$/.exec(line) ?? assert.fail(line);
      assert.equal(typed, name);
      assert.ok(help !== null, `${name} has a HELP before its TYPE`);
      assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
      families.set(name, { type, help, samples: new Map() });
      help = null;
    } else {
      const [, sampled, labels = '', digits = ''] = /^([a-z_]+)(.*) (\S+)$/.exec(line) ?? assert.fail(line);
      assert.equal(sampled, name, `${line}: stands with its metric`);
      assert.match(labels, LABELS);
      assert.match(digits, /^(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/, `${line}: a number that is not negative`);
      const { samples } = families.get(name) ?? assert.fail(`${line}: has a TYPE`);
      assert.ok(!samples.has(labels), `${line}: comes once`);
      samples.set(labels, Number(digits));
    }
  }
  for (const [metric, { samples }] of families) assert.ok(samples.size > 0, `${metric} has a value`);
  return families;
}
