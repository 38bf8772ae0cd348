/** What logscan puts into bundles, from this version or another; a copy has none of it from before. */
const OWN: ReadonlySet<string> = new Set([
  'logscan/report.md',
  'logscan/report.html',
  'logscan/incidents.ndjson',
  'logscan/facts.ndjson',
]);

export function isOwnMember(name: string): boolean {
  return OWN.has(name.replace(/^\.\//, ''));
}
