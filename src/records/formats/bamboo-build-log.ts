import type { Format } from '../format.js';
import { header } from '../header.js';
import { tomcatStampAt } from '../time.js';

const START = /^(?:simple|error|command|build|warning)\t\d{2}-[^\s-]{3,10}-\d{4} \d{2}:\d{2}:\d{2}\t/;

/** `kind<TAB>dd-MMM-yyyy HH:mm:ss<TAB>text`: the log of one build job. */
export const bambooBuildLog: Format = {
  name: 'bamboo-build-log',
  label: 'Bamboo build log',
  firsts: 'secbw',
  samples: [
    'simple\t14-Apr-2026 10:12:01\tUpdating source code to revision: 9f2c1e0b7a3d4c5e6f708192a3b4c5d6e7f80912',
    'error\t19-May-2019 09:30:02\tfatal: could not read Username',
    'build\t14-Apr-2026 10:12:08\t[INFO] Building shop 1.0',
  ],
  starts(text) {
    switch (text.charCodeAt(0)) {
      case 115: // s
      case 101: // e
      case 99: // c
      case 98: // b
      case 119: // w
        return START.test(text);
      default:
        return false;
    }
  },
  header(lines) {
    const text = lines[0] ?? '';
    const kind = text.slice(0, Math.max(text.indexOf('\t'), 0));
    const time = text.indexOf('\t', kind.length + 1);
    if (time < 0) return header(text, {});
    return header(text.slice(time + 1), {
      stamp: tomcatStampAt(text, kind.length + 1)?.stamp ?? null,
      level: kind === 'error' ? 'ERROR' : kind === 'warning' ? 'WARN' : 'INFO',
    });
  },
};
