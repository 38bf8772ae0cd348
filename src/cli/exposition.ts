/** How a tail is doing, as Prometheus reads it. Its library is loaded when it is needed. */
import { LOSS_REASONS, type TailStatus } from '../model/tail-status.js';
import { behindOf } from '../reporters/status.js';

/** With more logs than this there are no metrics of each one. */
const MOST_LOGS = 100;

export interface Exposition {
  readonly contentType: string;
  toText(status: TailStatus): Promise<string>;
}

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly samples: readonly Sample[];
}

/** The metrics are made anew for each text, so that nothing stays of a log or a rule that is gone. */
export async function toExposition(): Promise<Exposition> {
  const { default: prom } = await import('prom-client');
  return {
    contentType: prom.prometheusContentType,
    async toText(status) {
      const registry = new prom.Registry();
      for (const { name, help, labels = [], samples } of metricsOf(status)) {
        if (samples.length === 0) continue;
        const settings = { name, help, labelNames: labels, registers: [registry] };
        const metric = name.endsWith('_total') ? new prom.Counter(settings) : new prom.Gauge(settings);
        for (const { labels: values = {}, value } of samples) metric.inc(values, value);
      }
      return registry.metrics();
    },
  };
}

function metricsOf(status: TailStatus): Metric[] {
  const { logs, incidents, checkpointAge } = status;
  const behind = behindOf(logs);
  const each = logs.length <= MOST_LOGS ? logs : [];
  return [
    metric('logscan_bytes_total', 'Bytes of logs that were read.', status.bytes),
    metric('logscan_lines_total', 'Lines of logs that were read.', status.lines),
    metric('logscan_records_total', 'Records that the lines made.', status.records),
    metric('logscan_cut_lines_total', 'Lines that were too long, of which a part was not looked at.', status.cutLines),
    metric(
      'logscan_cut_records_total',
      'Records that were too long, of which a part was not looked at.',
      status.cutRecords,
    ),
    {
      name: 'logscan_lost_bytes_total',
      help: 'Bytes that are known to have gone before they could be read, by reason.',
      labels: ['reason'],
      samples: LOSS_REASONS.map((reason) => ({ labels: { reason }, value: status.lostBytes[reason] })),
    },
    {
      name: 'logscan_losses_total',
      help: 'How often something went before it could be read, by reason, also where the bytes are not known.',
      labels: ['reason'],
      samples: LOSS_REASONS.map((reason) => ({ labels: { reason }, value: status.losses[reason] })),
    },
    metric('logscan_late_total', 'Matches that came too late for the time window of their rule.', status.late),
    metric(
      'logscan_duplicates_possible_total',
      'Events that may have been told before, as the last stop was not orderly.',
      status.duplicatesPossible,
    ),
    metric(
      'logscan_withheld_total',
      'Events that were withheld, as something that was masked would have stood in them all the same.',
      status.withheld,
    ),
    metric('logscan_behind_bytes', 'Bytes of all logs that are still to be read.', behind.bytes),
    metric(
      'logscan_behind_seconds',
      'Seconds since the oldest bytes that are still to be read were seen; 0 if there are none.',
      behind.seconds,
    ),
    {
      name: 'logscan_log_behind_bytes',
      help: `Bytes of a log, backups included, that are still to be read; only with at most ${MOST_LOGS} logs.`,
      labels: ['log'],
      samples: each.map((log) => ({ labels: { log: log.path }, value: log.behind })),
    },
    {
      name: 'logscan_log_behind_seconds',
      help: `Seconds since the oldest unread bytes of a log were seen, 0 if there are none; only with at most ${MOST_LOGS} logs.`,
      labels: ['log'],
      samples: each.map((log) => ({ labels: { log: log.path }, value: log.behindSeconds })),
    },
    {
      name: 'logscan_checkpoint_age_seconds',
      help: 'Seconds since the last checkpoint was written; missing before the first.',
      samples: checkpointAge === null ? [] : [{ value: checkpointAge }],
    },
    metric(
      'logscan_checkpoint_failing',
      '1 if the last checkpoint could not be written, else 0.',
      status.checkpointTrouble === null ? 0 : 1,
    ),
    {
      name: 'logscan_incidents_total',
      help: 'Sightings of known problems, by rule, since the state directory was made.',
      labels: ['rule', 'severity'],
      samples: incidents.map(({ rule, severity, count }) => ({ labels: { rule, severity }, value: count })),
    },
    {
      name: 'logscan_incidents_open',
      help: 'Incidents that are open now, by rule.',
      labels: ['rule', 'severity'],
      samples: incidents.map(({ rule, severity, open }) => ({ labels: { rule, severity }, value: open })),
    },
    {
      name: 'logscan_rule_seconds_total',
      help: 'Seconds that were spent in the conditions of a rule.',
      labels: ['rule'],
      samples: Object.entries(status.ruleSeconds).map(([rule, value]) => ({ labels: { rule }, value })),
    },
    metric('logscan_open_files', 'Files that are open to be read.', status.openFiles),
    metric('logscan_logs', 'Logs that are followed.', logs.length),
    metric(
      'logscan_logs_in_trouble',
      'Logs that something keeps from being read, such as a missing permission.',
      logs.filter(({ trouble }) => trouble !== null).length,
    ),
    metric(
      'process_resident_memory_bytes',
      'Bytes of memory that the process of logscan holds.',
      process.memoryUsage.rss(),
    ),
    metric('process_cpu_seconds_total', 'Seconds of processor time that logscan has used.', processorSeconds()),
  ];
}

function metric(name: string, help: string, value: number): Metric {
  return { name, help, samples: [{ value }] };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
