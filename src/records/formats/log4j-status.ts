import type { Level } from '../../model/level.js';
import type { Format } from '../format.js';
import { header } from '../header.js';

const BEGINNINGS: readonly (readonly [string, Level | null])[] = [
  ['log4j:ERROR ', 'ERROR'],
  ['log4j:WARN ', 'WARN'],
  ['log4j: ', 'DEBUG'],
  ['ERROR StatusLogger ', 'ERROR'],
  ['WARN StatusLogger ', 'WARN'],
  ['SLF4J(E): ', 'ERROR'],
  ['SLF4J(W): ', 'WARN'],
  ['SLF4J(I): ', 'INFO'],
  ['SLF4J: ', null],
  ['Exception in thread "', null],
  ['NOTE: Picked up ', 'INFO'],
  ['Picked up JAVA_TOOL_OPTIONS', 'INFO'],
  ['OpenJDK 64-Bit Server VM warning: ', 'WARN'],
  ['Java HotSpot(TM) 64-Bit Server VM warning: ', 'WARN'],
];

/** What logging libraries and the JVM print about themselves. Without it such lines take time and level of the record before. */
export const log4jStatus: Format = {
  name: 'log4j-status',
  label: 'Status lines of log4j, SLF4J and the JVM',
  firsts: 'lEWSNPOJ',
  samples: [
    'log4j:WARN No appenders could be found for logger (org.apache.axis.ConfigurationException).',
    'log4j:ERROR Could not instantiate class [com.example.Appender].\njava.lang.ClassNotFoundException: com.example.Appender\n\tat java.net.URLClassLoader.findClass(URLClassLoader.java:1)',
    'SLF4J: Failed to load class "org.slf4j.impl.StaticLoggerBinder".',
    'SLF4J(W): No SLF4J providers were found.',
    'Exception in thread "http-nio-8080-exec-31" java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat java.util.HashMap.newNode(HashMap.java:1750)',
    'NOTE: Picked up JDK_JAVA_OPTIONS:  --add-opens=java.base/java.lang=ALL-UNNAMED',
  ],
  starts(text) {
    switch (text.charCodeAt(0)) {
      case 108: // l
      case 69: // E
      case 87: // W
      case 83: // S
      case 78: // N
      case 80: // P
      case 79: // O
      case 74: // J
        return BEGINNINGS.some(([beginning]) => text.startsWith(beginning));
      default:
        return false;
    }
  },
  header(lines) {
    const text = lines[0] ?? '';
    const found = BEGINNINGS.find(([beginning]) => text.startsWith(beginning));
    const isTrace = text.startsWith('Exception in thread ');
    return header(found && !isTrace ? text.slice(found[0].length).trimStart() : text, { level: found?.[1] ?? null });
  },
};
