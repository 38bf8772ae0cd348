import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

const PROCESS = /^ {1,3}([a-z]{2,10})\[([^\]\n]{0,100})\](?:\[([^\]\n]{0,300})\])? ?/;

/** `yyyy.MM.dd HH:mm:ss LEVEL process[id][logger] message`. */
export const sonarqube: Format = {
  name: 'sonarqube',
  label: 'SonarQube',
  samples: [
    '2026.11.20 16:38:51 DEBUG web[AY8kQ1n0aaVw3Zr5AAAF][o.s.s.a.ws.AlmSettingsWs] Validating DevOps platform setting azure-contoso',
    '2026.05.08 10:10:02 INFO  web[][o.s.s.p.UpdateCenterClient] Update center refreshed',
    '2017.01.02 03:04:05 ERROR ce[][o.s.c.t.CeWorkerCallableImpl] Failed\njava.lang.IllegalStateException\n\tat org.sonar.Foo.bar(Foo.java:1)',
  ],
  starts(text) {
    if (text.charCodeAt(4) !== 46) return false;
    const end = dateTimeEnd(text, 0);
    if (end < 0 || text.charCodeAt(end) !== 32) return false;
    const after = levelEnd(text, end + 1);
    return after > 0 && PROCESS.test(text.slice(after, after + 450));
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 0);
    const after = end < 0 ? -1 : levelEnd(text, end + 1);
    const found = after < 0 ? null : PROCESS.exec(text.slice(after));
    if (found === null) return header(text, {});
    return header(text.slice(after + found[0].length), {
      stamp: stampOf(text, 0, end),
      level: levelAt(text, end + 1),
      thread: found[1]!,
      logger: found[3] ?? null,
      requestId: found[2]!,
    });
  },
};
