/** The strings of a finding that come from a log, or may hold what was captured in one; and what stands in each. */
import type { Evidence, Finding, ShownSolution } from '../model/incident.js';

/**
 * `rule`: what a rule says, filled with captures. `origin`: the path of an input, or one with a line behind it. `user`, `host`: a
 * name of that kind and nothing else. `text`: anything else that a log says.
 */
export type Sort = 'rule' | 'origin' | 'user' | 'host' | 'text';

/** @param place of the string in the finding: `evidence[0].text` */
export type Visit = (text: string, sort: Sort, place: string) => string;

/** The same finding with each of its strings as `visit` gives it back. */
export function mapFinding<T extends Finding>(finding: T, visit: Visit): T {
  const { exception, nodes, related } = finding;
  const evidence = finding.evidence.map((one, index) => mapEvidence(one, visit, `evidence[${index}]`));
  const captures = mapCaptures(finding.captures, visit);
  const ofRule = 'rule' in finding && finding.rule !== null;
  return {
    ...finding,
    ...('template' in finding ? { template: visit(finding.template as string, 'text', 'template') } : {}),
    ...mapTold(finding, (text, place) => visit(text, ofRule ? 'rule' : 'text', place)),
    captures,
    appliesReason: orNull(finding.appliesReason, (reason) => visit(reason, 'text', 'appliesReason')),
    exception: exception && {
      type: visit(exception.type, 'text', 'exception.type'),
      rootType: visit(exception.rootType, 'text', 'exception.rootType'),
      rootMessage: visit(exception.rootMessage, 'text', 'exception.rootMessage'),
      chain: exception.chain.map((type, index) => visit(type, 'text', `exception.chain[${index}]`)),
    },
    evidence,
    related: related.map((one, index) => ({
      ...one,
      origin: visit(one.origin, 'origin', `related[${index}].origin`),
      text: visit(one.text, 'text', `related[${index}].text`),
    })),
    nodes: nodes.map((node, index) => ({ ...node, name: visit(node.name, 'host', `nodes[${index}].name`) })),
  };
}

/** The end of a line that a long token runs into: it may have been cut there. */
const HALF_TOKEN = /(?<![\w.@:%+/=~-])[\w.@:%+/=~-]{200,}(?=(?: … \d+ characters left out)?$)/gm;

/** A finding in which nothing was masked before it was cut, without what may be half a token: it has no shape to be known by. */
export function withoutHalfTokens<T extends Finding>(finding: T): T {
  return mapFinding(finding, (text, sort) => (sort === 'rule' ? text : text.replace(HALF_TOKEN, '…')));
}

/** What a rule says of its finding; of an unknown error, its title. */
export type Told = Pick<Finding, 'title' | 'cause' | 'solution' | 'notThisIf'>;

function mapTold({ title, cause, solution, notThisIf }: Told, visit: (text: string, place: string) => string): Told {
  return {
    title: visit(title, 'title'),
    cause: orNull(cause, (text) => visit(text, 'cause')),
    solution: solution && mapSolution(solution, visit),
    notThisIf: orNull(notThisIf, (text) => visit(text, 'notThisIf')),
  };
}

function mapSolution(solution: ShownSolution, visit: (text: string, place: string) => string): ShownSolution {
  return {
    ...solution,
    summary: visit(solution.summary, 'solution.summary'),
    steps: solution.steps.map((step, index) => visit(step, `solution.steps[${index}]`)),
    next: orNull(solution.next, (next) => visit(next, 'solution.next')),
  };
}

const USERS =
  /(?:^|[._-])(?:user(?:_?name|_?id|_?key)?|login|owner|identity|author|assignee|reporter|account|e?mail|principal|member)$/i;
const HOSTS = /(?:^|[._-])(?:host(?:_?name)?|server|node)$/i;

export function mapCaptures(captures: Finding['captures'], visit: Visit): Finding['captures'] {
  const sortOf = (name: string) => (USERS.test(name) ? 'user' : HOSTS.test(name) ? 'host' : 'text');
  const mapped = Object.entries(captures).map(([name, value]) => [
    name,
    visit(value, sortOf(name), `captures.${name}`),
  ]);
  return Object.fromEntries(mapped);
}

function mapEvidence(evidence: Evidence, visit: Visit, place: string): Evidence {
  const { context, copies } = evidence;
  const field = (name: 'atText' | 'thread' | 'logger' | 'requestId' | 'user' | 'url') =>
    orNull(evidence[name], (text) => visit(text, name === 'user' ? 'user' : 'text', `${place}.${name}`));
  const lines = (name: 'before' | 'after') =>
    context![name].map((line, index) => visit(line, 'text', `${place}.context.${name}[${index}]`));
  return {
    ...evidence,
    origin: visit(evidence.origin, 'origin', `${place}.origin`),
    atText: field('atText'),
    thread: field('thread'),
    logger: field('logger'),
    user: field('user'),
    requestId: field('requestId'),
    url: field('url'),
    text: visit(evidence.text, 'text', `${place}.text`),
    copies: copies.map((copy, index) => visit(copy, 'origin', `${place}.copies[${index}]`)),
    ...(context === undefined ? {} : { context: { before: lines('before'), after: lines('after') } }),
  };
}

function orNull(text: string | null, map: (text: string) => string): string | null {
  return text === null ? null : map(text);
}
