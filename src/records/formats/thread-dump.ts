import type { Format } from '../format.js';
import { header } from '../header.js';
import { dateTimeEnd, stampOf } from '../time.js';

const ATTRIBUTE = /" #\d|" Id=\d| prio=\d| tid=0x| nid=\w/;
/** Names of threads hold subjects of mails; the attributes are looked for that far, in characters. */
const REACH = 1000;
const HEADINGS = ['Full thread dump ', 'Found one Java-level deadlock:', 'Found a total of '];

/** `"name" daemon prio=1 tid=0x… nid=0x… state` of jstack, kill -3 and the support plugin; one record an entry. */
export const threadDump: Format = {
  name: 'thread-dump',
  label: 'Thread dump',
  samples: [
    '"http-nio-8080-exec-1" #34 daemon prio=5 os_prio=0 tid=0x00007f3c nid=0x1a2b waiting on condition [0x00007f3b]\n   java.lang.Thread.State: WAITING (parking)\n\tat sun.misc.Unsafe.park(Native Method)\n\t- parking to wait for  <0x000000070> (a java.util.concurrent.locks.ReentrantLock)',
    'Full thread dump OpenJDK 64-Bit Server VM (17.0.9+9 mixed mode, sharing):',
    '"Caesium-1-1" prio=5 tid=0x2c nid=0 timed_waiting\n   java.lang.Thread.State: TIMED_WAITING\n\tat java.lang.Object.wait(Native Method)',
    '"Mail "quoted" subject" #12 prio=5 os_prio=0 cpu=1.0ms tid=0x01 nid=12 runnable',
    'Found one Java-level deadlock:\n=============================\n"Thread-1":\n  waiting to lock monitor 0x00007f (object 0x07, a java.lang.Object),\n  which is held by "Thread-0"',
  ],
  starts(text) {
    const first = text.charCodeAt(0);
    if (first === 34) return nameEnd(text) > 0;
    return first === 70 && HEADINGS.some((heading) => text.startsWith(heading));
  },
  header(lines) {
    const text = lines[0] ?? '';
    if (text.charCodeAt(0) !== 34) return header(text, {});
    const close = nameEnd(text);
    return close < 0 ? header(text, {}) : header(text.slice(close + 1).trimStart(), { thread: text.slice(1, close) });
  },
};

/** Names may hold quotes; the last one before the attributes closes the name. -1 if the line is no entry. */
function nameEnd(text: string): number {
  const attribute = ATTRIBUTE.exec(text.slice(0, REACH));
  return attribute === null ? -1 : text.lastIndexOf('" ', attribute.index);
}

/** A line that is a time and nothing else stands before each dump. */
export const threadDumpTime: Format = {
  name: 'thread-dump-time',
  label: 'Time before a thread dump',
  samples: ['2026-05-08 09:14:02', '2015-01-02 03:04:05'],
  starts: (text) => text.length === 19 && text.charCodeAt(4) === 45 && dateTimeEnd(text, 0) === 19,
  header(lines) {
    const text = lines[0] ?? '';
    return header('', { stamp: dateTimeEnd(text, 0) < 0 ? null : stampOf(text, 0, 19) });
  },
};
