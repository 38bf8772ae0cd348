/** IP addresses, told from versions, times and other numbers with dots and colons. */

export const IPV4 = /(?<![\w.$%])(?:\d{1,3}\.){3}\d{1,3}(?![\w$]|\.\d)/g;
/** Anything that may be one; {@link canonicalIp} knows. */
export const IPV6 =
  /(?<![\w:.%])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4})(?:%\w{1,16})?(?![\w:])/gi;

/** What stands before a version of four numbers, and behind it. */
const BEFORE_VERSION =
  /(?:(?:\b(?:version(?: number)?|ver|release|build|driver|revision|rev|jdk|jre|v)\.?|"version")["'\]]? ?[ :=(/-]{0,2}["'[(]?|(?:chrome|chromium|edge?|opr|version|safari|firefox|crios|applewebkit|mozilla|vivaldi|tomcat|server)\/)$/i;
const BEHIND_VERSION =
  /^(?:\.(?:jar|war|zip|obr|tgz|tar|dll|so|nupkg|RELEASE|Final|GA)\b|-(?:SNAPSHOT|RELEASE|beta|alpha|rc|m)\d*\b|[,)\]] ?\d+(?:\.\d+){1,3}[)\]])/i;
const REACH = 24; // characters

/** Whether what stands at [start, end) is a version all the same. */
export function isVersion(text: string, start: number, end: number): boolean {
  return (
    BEFORE_VERSION.test(text.slice(Math.max(0, start - REACH), start)) ||
    BEHIND_VERSION.test(text.slice(end, end + REACH))
  );
}

/** One spelling for each address; null if it is none, or one that every machine has: `127.0.0.1`, `::1`, `0.0.0.0`. */
export function canonicalIp(printed: string): string | null {
  const text = printed.replace(/%\w{1,16}$/, '').toLowerCase();
  if (!text.includes(':')) return isOwnV4(text) ? null : text;
  const groups = groupsOf(text);
  if (groups === null) return null;
  const [last = 0] = groups.slice(-1);
  if (groups.slice(0, 7).every((group) => group === 0) && last <= 1) return null;
  // An IPv4 address in the clothes of the other kind is the same machine.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const v4 = [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
    return isOwnV4(v4) ? null : v4;
  }
  return groups.map((group) => group.toString(16)).join(':');
}

/** True for what is no address of one machine among others. */
function isOwnV4(text: string): boolean {
  const octets = text.split('.');
  if (octets.length !== 4 || octets.some((octet) => !/^(?:0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255))
    return true;
  return octets[0] === '127' || octets.every((octet) => octet === octets[0] && /^(?:0|255)$/.test(octet));
}

/** The eight groups of an IPv6 address; null if it is none. */
function groupsOf(text: string): number[] | null {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return null;
  const before = valuesOf(head);
  const behind = tail === undefined ? [] : valuesOf(tail);
  if (before === null || behind === null) return null;
  const missing = 8 - before.length - behind.length;
  if (tail === undefined) return missing === 0 ? before : null;
  // `Face::add` is a method of a class.
  if (missing < 1 || !/\d/.test(text)) return null;
  return [...before, ...Array<number>(missing).fill(0), ...behind];
}

function valuesOf(text: string): number[] | null {
  if (text === '') return [];
  const values: number[] = [];
  for (const group of text.split(':')) {
    const octets = group.split('.').map(Number);
    if (octets.length === 4 && octets.every((octet) => octet <= 255)) {
      values.push((octets[0]! << 8) | octets[1]!, (octets[2]! << 8) | octets[3]!);
    } else if (/^[0-9a-f]{1,4}$/.test(group)) values.push(Number.parseInt(group, 16));
    else return null;
  }
  return values;
}
