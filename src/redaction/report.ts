/**
 * A finding -> the same without secrets: every text that comes from a log, or may hold what was captured in one. A second gate:
 * what is kept of records was masked before it was cut.
 */
import type { NodeFact } from '../model/fact.js';
import type { Evidence, Finding } from '../model/incident.js';

export type Mask = (text: string) => string;

export function redactFinding<T extends Finding>(finding: T, mask: Mask): T {
  const maskOrNull = (text: string | null) => (text === null ? null : mask(text));
  const { solution, exception } = finding;
  return {
    ...finding,
    ...('template' in finding ? { template: mask(finding.template as string) } : {}),
    title: mask(finding.title),
    captures: Object.fromEntries(Object.entries(finding.captures).map(([name, value]) => [name, mask(value)])),
    cause: maskOrNull(finding.cause),
    solution: solution && {
      ...solution,
      summary: mask(solution.summary),
      steps: solution.steps.map(mask),
      next: maskOrNull(solution.next),
    },
    notThisIf: maskOrNull(finding.notThisIf),
    appliesReason: maskOrNull(finding.appliesReason),
    exception: exception && {
      type: mask(exception.type),
      rootType: mask(exception.rootType),
      rootMessage: mask(exception.rootMessage),
      chain: exception.chain.map(mask),
    },
    evidence: finding.evidence.map((evidence) => redactEvidence(evidence, mask)),
  };
}

export function redactFact<T extends NodeFact>(fact: T, mask: Mask): T {
  return { ...fact, value: mask(fact.value), node: fact.node === null ? null : mask(fact.node) };
}

export function redactEvidence(evidence: Evidence, mask: Mask): Evidence {
  const maskOrNull = (text: string | null) => (text === null ? null : mask(text));
  return {
    ...evidence,
    atText: maskOrNull(evidence.atText),
    thread: maskOrNull(evidence.thread),
    logger: maskOrNull(evidence.logger),
    requestId: maskOrNull(evidence.requestId),
    user: maskOrNull(evidence.user),
    url: maskOrNull(evidence.url),
    text: mask(evidence.text),
  };
}
