/** Class and logger names as rules write them, against the many ways in which logs print them. */
import { globTest } from './glob.js';

/**
 * A test for logger names. `com.acme.rest.Foo` is also `c.a.rest.Foo` (`%logger{36}`), `rest.Foo` (`%c{2}`) and `Foo`
 * (`%c{1}`); `rest.Foo` stands for every package before it; a `*` makes it a glob.
 */
export function loggerTest(name: string): (printed: string) => boolean {
  if (name.includes('*')) return globTest(name);
  const wanted = name.split('.');
  return (printed) => sameTail(wanted, printed.split('.'));
}

/**
 * A test for class names of throwables. As {@link loggerTest}, but a printed name may not be shorter than the wanted
 * one: two classes with equal last parts are told apart by their packages.
 */
export function classTest(name: string): (printed: string) => boolean {
  if (name.includes('*')) return globTest(name);
  const wanted = name.split('.');
  return (printed) => {
    const parts = printed.split('.');
    return parts.length >= wanted.length && sameTail(wanted, parts);
  };
}

/** A test for stack frames; the name is a class (`com.acme.Sync`), a method (`com.acme.Sync.merge`) or a glob of one. */
export function frameTest(name: string): (frame: string) => boolean {
  const test = classTest(name);
  return (frame) => {
    const method = methodOf(frame);
    return test(method) || test(method.slice(0, Math.max(method.lastIndexOf('.'), 0)));
  };
}

/** What the JVM puts behind the name of a class that it made itself: `Foo$$Lambda/0x00007f12a8001000`. */
const HIDDEN = /\/(?:0x[\da-f]+|\d+)(?=\.|$)/i;

/** `java.base/java.lang.Thread.run(Thread.java:840)` -> `java.lang.Thread.run` */
function methodOf(frame: string): string {
  const open = frame.indexOf('(');
  const call = (open < 0 ? frame : frame.slice(0, open)).trim().replace(HIDDEN, '');
  return call.slice(call.lastIndexOf('/') + 1);
}

/** Whether two dotted names agree from their ends on: the last part whole, the others whole or as abbreviations. */
function sameTail(wanted: readonly string[], printed: readonly string[]): boolean {
  const shorter = Math.min(wanted.length, printed.length);
  for (let back = 1; back <= shorter; back++) {
    const a = wanted[wanted.length - back]!;
    const b = printed[printed.length - back]!;
    if (a !== b && (back === 1 || !(abbreviates(a, b) || abbreviates(b, a)))) return false;
  }
  return true;
}

/** Layouts print the first letter of a package, or two; what is longer is a name of its own: `java` is not `javax`. */
function abbreviates(short: string, whole: string): boolean {
  return short !== '' && short.length <= MAX_ABBREVIATION && whole.startsWith(short);
}

const MAX_ABBREVIATION = 2; // characters
