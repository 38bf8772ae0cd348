/**
 * An incident as a message of a Slack incoming webhook. Log text is hostile, so it stands in `plain_text` only, where no
 * markup, mention or emoji code acts; only links are `mrkdwn`.
 */
import type { Incident, IncidentEvent, ShownSolution, UnknownError } from '../model/incident.js';
import { escapeTerminal } from './escape.js';
import { thousands } from './numbers.js';
import { newestPlace } from './place.js';
import { remedyLines } from './remedy.js';
import { dayBefore, longDay, spanText, toSpan } from './times.js';

// What Slack takes, in characters; counted behind the escaping, so never more.
const MAX_HEADER = 150;
const MAX_TEXT = 3000;
const MAX_LINKS = 10;

export const SLACK_TYPE = 'application/json; charset=utf-8';

/** A JSON body: blocks, and the text that stands in for them in a notification. */
export function slackMessage(object: Incident | UnknownError): object {
  const title = `${happened(object)}: ${escapeTerminal(object.title)}`;
  const sections = [title.length > MAX_HEADER ? title : '', factsText(object), remedyText(object)];
  const links = linksText(object);
  return {
    text: clipped(`${title}\n${factsText(object)}`, MAX_TEXT),
    // Without these, Slack would look for names and addresses in the text.
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(title, MAX_HEADER) },
      ...sections.filter((text) => text !== '').map((text) => ({ type: 'section', text: plain(text, MAX_TEXT) })),
      ...(links === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: links, verbatim: true } }]),
      { type: 'context', elements: [plain(ruleText(object), MAX_TEXT)] },
    ],
  };
}

const HAPPENED: Readonly<Record<IncidentEvent, string>> = {
  found: 'Found',
  opened: 'Opened',
  updated: 'Updated',
  resolved: 'Resolved',
  withdrawn: 'Withdrawn',
};

function happened({ event, episode = 1 }: Incident | UnknownError): string {
  return event === 'opened' && episode > 1 ? 'Opened again' : HAPPENED[event];
}

function factsText(object: Incident | UnknownError): string {
  const { count, evidence, provisional, duplicatePossible, kind, severity } = object;
  const seen = toSpan(object.firstAt, object.lastAt);
  const parts = [
    kind === 'unknown' ? 'an error that no rule knows' : kind === 'notice' ? 'notice' : `severity ${severity}`,
    count === 1 ? 'once' : `${thousands(count)} times`,
    seen === null ? 'time unknown' : spanText(seen, ''),
  ];
  const rows = [parts.join(' · ')];
  const place = newestPlace(evidence);
  if (place !== null) rows.push(`${count > 1 ? 'last ' : ''}at ${place}`);
  if (object.event === 'withdrawn') rows.push('The record went on, and is something else than it seemed.');
  if (provisional) rows.push('The record may still go on.');
  if (duplicatePossible) rows.push('It may have been told or counted before.');
  return rows.join('\n');
}

function remedyText({ kind, event, solution }: Incident | UnknownError): string {
  if (kind === 'unknown' || event === 'withdrawn') return '';
  if (solution === null) return kind === 'notice' ? '' : 'No remedy is known for today.';
  const rows = remedyLines(solution).map(({ number, text }) => number + text);
  return ['What to do', ...rows, ...noteRows(solution)].join('\n');
}

function noteRows({ validFrom, validUntil, next }: ShownSolution): string[] {
  if (validUntil === null) return validFrom === null ? [] : [`Valid since ${longDay(validFrom)}.`];
  const then = next === null ? 'What to do then is not known yet.' : `From then on: ${escapeTerminal(next, true)}`;
  return [`Valid until ${longDay(dayBefore(validUntil))}. ${then}`];
}

/** Pages of the web, as links; whole ones only, as half a link is none. */
function linksText({ references }: Incident | UnknownError): string {
  let links = '';
  for (const { title, url } of references.slice(0, MAX_LINKS)) {
    if (!/^https?:\/\/[^\s<>|\p{C}]+$/u.test(url)) continue;
    const label = escaped(escapeTerminal(title)) || escaped(url);
    const link = `${links === '' ? '' : '\n'}<${escaped(url)}|${label}>`;
    if (links.length + link.length <= MAX_TEXT) links += link;
  }
  return links;
}

function ruleText({ rule, confidence, id }: Incident | UnknownError): string {
  const parts = rule === null ? [] : [rule.id, ...(rule.status === 'stable' ? [] : [rule.status])];
  if (confidence !== null) parts.push(`confidence ${confidence}`);
  return [...parts, id].map((part) => escapeTerminal(part)).join(' · ');
}

function plain(text: string, most: number): object {
  return { type: 'plain_text', text: clipped(text, most), emoji: false };
}

/** Escaped and at most so long, never cut within a character or what stands for one. */
function clipped(text: string, most: number): string {
  let kept = '';
  let whole = '';
  for (const character of text) {
    whole += escaped(character);
    if (whole.length < most) kept = whole;
    else if (whole.length > most) return `${kept}…`;
  }
  return whole;
}

/** The three characters that Slack wants to be written out. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
