import type { Format } from '../format.js';
import { header } from '../header.js';
import { dateTimeEnd, stampOf } from '../time.js';

const DATED = /^: \d{1,12}\.\d{1,6}: (?=[[A-Z])/;
const UPTIME = /^\d{1,12}\.\d{3}: \[/;

/** `yyyy-MM-ddTHH:mm:ss.SSS+ZZZZ: uptime: [GC …]`; without `PrintGCDateStamps` the uptime stands alone. */
export const gcJdk8: Format = {
  name: 'gc-jdk8',
  label: 'GC log of JDK 8',
  samples: [
    '2021-05-03T08:18:08.474+0000: 7248850.541: [Unloading, 226.21 secs]\n [Times: user=1.00 sys=0.01, real=226.21 secs]',
    '2026-02-03T07:41:15.377+0000: 178864.115: [GC pause (G1 Evacuation Pause) (young) 9216M->6102M(12288M), 0.1204411 secs]\n   [Parallel Time: 118.4 ms, GC Workers: 8]',
    '86210.330: [GC (Allocation Failure) [PSYoungGen: 1210112K->98560K(1397760K)] 5203110K->4110244K(5592064K), 0.1402231 secs]',
  ],
  starts(text) {
    const first = text.charCodeAt(0);
    if (first < 48 || first > 57) return false;
    if (text.charCodeAt(10) !== 84) return UPTIME.test(text);
    const end = dateTimeEnd(text, 0);
    return end > 0 && DATED.test(text.slice(end, end + 30));
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 0);
    const at = end < 0 ? 0 : end + 2;
    const colon = text.indexOf(': ', at);
    return header(colon < 0 ? text : text.slice(colon + 2), { stamp: end < 0 ? null : stampOf(text, 0, end) });
  },
};
