import type { Format } from '../format.js';
import { header } from '../header.js';

const BANNERS = [
  '# A fatal error has been detected by the Java Runtime Environment',
  '# There is insufficient memory for the Java Runtime Environment',
  '# java.lang.OutOfMemoryError',
];
/** `---------------  T H R E A D  ---------------` */
const SECTION = /^-{15} {2}[A-Z] [A-Z] /;

/** The `#` lines of a crash are one record that begins at its banner; the sections of the file begin records of their own. */
export const hsErr: Format = {
  name: 'hs-err',
  label: 'Crash of the JVM (hs_err)',
  samples: [
    '# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x00007f1, pid=20718, tid=20750\n#\n# JRE version: OpenJDK Runtime Environment (11.0.20+8)',
    '# There is insufficient memory for the Java Runtime Environment to continue.\n# Native memory allocation (mmap) failed to map 65536 bytes',
    '---------------  T H R E A D  ---------------\n\nCurrent thread (0x00007f1):  JavaThread "main"',
  ],
  starts(text) {
    const first = text.charCodeAt(0);
    if (first === 45) return SECTION.test(text);
    return first === 35 && BANNERS.some((banner) => text.startsWith(banner));
  },
  header(lines) {
    const text = lines[0] ?? '';
    if (text.charCodeAt(0) === 45) return header(text.replace(/-{3,30}/g, '').trim(), {});
    return header(text.replace(/^# /, ''), { level: 'FATAL' });
  },
};
