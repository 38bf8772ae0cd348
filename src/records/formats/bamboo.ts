import type { Format } from '../format.js';
import { confluenceBrackets, confluenceHeader } from './confluence.js';

/** `TIME LEVEL [thread] [Class] message`: Confluence's layout with the logger's last name only. */
export const bamboo: Format = {
  name: 'bamboo',
  label: 'Bamboo application log',
  firsts: '0123456789',
  samples: [
    "2026-05-04 02:12:10,402 INFO [AtlassianEvent::0-BAM::EVENTS:pool-2-thread-7] [RemoteAgentManagerImpl] Agent 'linux-build-03' has unregistered",
    '2026-05-04 02:12:09,731 WARN [ActiveMQ InactivityMonitor Worker] [Transport] Transport Connection to: tcp://192.0.2.31:49822 failed\norg.apache.activemq.transport.InactivityIOException: Channel was inactive\n\tat org.apache.activemq.Foo.bar(Foo.java:1)',
    '2016-01-29 13:20:44,340 FATAL [main] [BambooContainer] Cannot start Bamboo',
  ],
  starts: (text) => confluenceBrackets(text) !== null,
  header: confluenceHeader,
};
