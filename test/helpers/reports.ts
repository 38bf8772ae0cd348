/** Small reports, made by hand: what a test does not name is plain and complete. */
import type { Evidence, Incident, UnknownError } from '../../src/model/incident.js';
import type { Coverage, FactObject, ProblemObject, Report, RunObject, SummaryObject } from '../../src/model/report.js';
import type { Rule } from '../../src/model/rule.js';
import type { TextLook } from '../../src/reporters/text.js';

export function look(changes: Partial<TextLook> = {}): TextLook {
  return {
    color: false,
    hyperlinks: false,
    width: 100,
    details: 5,
    all: false,
    command: 'logscan jira.log',
    asOf: '2026-11-24',
    ...changes,
  };
}

export function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    origin: 'jira.log',
    line: 12,
    endLine: 12,
    offset: 900,
    at: '2026-11-20T09:14:03Z',
    atText: '2026-11-20 09:14:03,000+0000',
    level: 'ERROR',
    thread: 'main',
    logger: 'c.a.j.Pool',
    user: null,
    requestId: null,
    url: null,
    text: '2026-11-20 09:14:03,000+0000 main ERROR [c.a.j.Pool] no connection',
    cut: false,
    copies: [],
    ...changes,
  };
}

/** What incidents and unknown errors have in common, seen once. */
const FOUND = {
  schema: 'logscan.incident/1',
  id: 'inc_0123456789ab',
  event: 'found',
  revision: 1,
  count: 1,
  firstAt: '2026-11-20T09:14:03Z',
  lastAt: '2026-11-20T09:14:03Z',
  timeKnown: true,
  zoneAssumed: false,
  histogram: { from: '2026-11-20T09:14:03Z', step: 1, counts: [1] },
  captures: {},
  references: [],
  notThisIf: null,
  checked: null,
  applies: null,
  appliesReason: null,
  fixedIn: null,
  exception: null,
  related: [],
  nodes: [],
  alsoMatched: [],
  state: null,
  duplicatePossible: false,
} as const;

export function incident(changes: Partial<Incident> = {}): Incident {
  return {
    ...FOUND,
    kind: 'incident',
    rule: { id: 'database/pool', pack: 'database', status: 'stable', tags: [] },
    title: 'Database connection pool is exhausted',
    severity: 'high',
    confidence: 'high',
    products: ['Jira'],
    cause: 'All connections are in use.',
    solution: {
      summary: 'Make the pool larger.',
      steps: ['Set pool-max-size to 40.'],
      validFrom: null,
      validUntil: null,
      next: null,
    },
    evidence: [evidence()],
    ...changes,
  };
}

export function notice(changes: Partial<Incident> = {}): Incident {
  return incident({ kind: 'notice', severity: 'info', title: 'Jira was started', ...changes });
}

export function unknown(changes: Partial<UnknownError> = {}): UnknownError {
  return {
    ...FOUND,
    kind: 'unknown',
    id: 'unk_0123456789ab',
    rule: null,
    title: 'NullPointerException at com.acme.Sync.merge',
    severity: null,
    confidence: null,
    products: [],
    cause: null,
    solution: null,
    evidence: [evidence()],
    template: 'java.lang.NullPointerException',
    fingerprintVersion: 1,
    ...changes,
  };
}

interface ReportParts {
  readonly run?: Partial<RunObject>;
  readonly facts?: readonly FactObject[];
  readonly incidents?: readonly Incident[];
  readonly notices?: readonly Incident[];
  readonly unknown?: readonly UnknownError[];
  readonly problems?: readonly ProblemObject[];
  readonly coverage?: Partial<Coverage>;
  readonly summary?: Partial<SummaryObject>;
}

/** A report whose counts are those of its parts. */
export function report(parts: ReportParts = {}): Report {
  const { incidents = [], notices = [], unknown: unknownErrors = [], problems = [] } = parts;
  const unexplained = unknownErrors.reduce((sum, { count }) => sum + count, 0);
  const explained = incidents.reduce((sum, { count }) => sum + count, 0);
  const ofSeverity = (severity: string) => incidents.filter((one) => one.severity === severity).length;
  return {
    run: {
      kind: 'run',
      schema: 'logscan.incident/1',
      tool: { name: 'logscan', version: '0.1.0' },
      startedAt: '2026-11-24T08:00:00Z',
      asOf: '2026-11-24',
      packs: [{ name: 'database', version: '1', rules: 1 }],
      inputs: [{ path: 'jira.log', bytes: 20_000_000 }],
      ...parts.run,
    },
    facts: parts.facts ?? [],
    incidents,
    notices,
    unknown: unknownErrors,
    holes: [],
    problems,
    summary: {
      kind: 'summary',
      incidents: incidents.length,
      unknown: unknownErrors.length,
      notices: notices.length,
      bySeverity: {
        critical: ofSeverity('critical'),
        high: ofSeverity('high'),
        medium: ofSeverity('medium'),
        low: ofSeverity('low'),
      },
      coverage: {
        files: 1,
        bytes: 20_000_000,
        lines: 100_000,
        records: 61_240,
        errorRecords: explained + unexplained,
        explained,
        unexplained,
        cutLines: 0,
        cutRecords: 0,
        skippedFiles: 0,
        unreadableFiles: 0,
        ...parts.coverage,
      },
      seconds: 0.3,
      firstAt: '2026-11-20T08:00:00Z',
      lastAt: '2026-11-20T17:42:00Z',
      masked: [],
      ...parts.summary,
    },
  };
}

export function rule(changes: Partial<Rule> = {}): Rule {
  return {
    id: 'database/pool',
    pack: 'database',
    file: 'rules/database/pool.yaml',
    title: 'Database connection pool is exhausted',
    severity: 'high',
    status: 'stable',
    confidence: 'high',
    products: ['Jira'],
    tags: [],
    match: { kind: 'text', literals: ['no connection'] },
    groupBy: [],
    supersedes: [],
    role: 'cause',
    appliesTo: null,
    fixedIn: null,
    when: null,
    cause: 'All connections are in use.',
    solutions: [{ from: null, until: null, summary: 'Make the pool larger.', steps: ['Set pool-max-size to 40.'] }],
    references: [],
    checked: null,
    notThisIf: null,
    examples: {
      matches: [
        {
          log: '2026-11-20 09:14:03,000+0000 main ERROR [c.a.j.Pool] no connection',
          file: null,
          captures: {},
          also: [],
          line: 20,
        },
      ],
      ignores: [],
    },
    ...changes,
  };
}

type Leaf = string | number | boolean | null | undefined;
type Data = Leaf | readonly Data[] | { readonly [key: string]: Data };

/** The same data with every text changed, but for the keys named: those are words of a closed list. */
export function withTexts<T>(data: T, change: (text: string) => string, kept: readonly string[]): T {
  const visit = (value: Data, key: string): Data => {
    if (typeof value === 'string') return kept.includes(key) ? value : change(value);
    if (Array.isArray(value)) return value.map((item: Data) => visit(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner, name)]));
  };
  return visit(data as Data, '') as T;
}
