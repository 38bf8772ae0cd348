/** HTTP statuses as logs print them. */
/** Reason phrases as standards, products and .NET (without blanks) print them. */
const REASONS: readonly (readonly [code: number, phrase: string])[] = [
  [203, 'Non-Authoritative Information'],
  [300, 'Multiple Choices'],
  [301, 'Moved Permanently'],
  [302, 'Found'],
  [302, 'Moved Temporarily'],
  [302, 'Redirect'],
  [303, 'See Other'],
  [304, 'Not Modified'],
  [307, 'Temporary Redirect'],
  [308, 'Permanent Redirect'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [401, 'Unauthorised'],
  [401, 'Not Authorized'],
  [401, 'Bad credentials'],
  [401, 'Authentication Required'],
  [402, 'Payment Required'],
  [403, 'Forbidden'],
  [403, 'Access Denied'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [407, 'Proxy Authentication Required'],
  [408, 'Request Timeout'],
  [408, 'Request Time-out'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [411, 'Length Required'],
  [412, 'Precondition Failed'],
  [413, 'Request Entity Too Large'],
  [413, 'Payload Too Large'],
  [413, 'Content Too Large'],
  [414, 'URI Too Long'],
  [414, 'Request-URI Too Large'],
  [415, 'Unsupported Media Type'],
  [416, 'Range Not Satisfiable'],
  [417, 'Expectation Failed'],
  [421, 'Misdirected Request'],
  [422, 'Unprocessable Entity'],
  [422, 'Unprocessable Content'],
  [423, 'Locked'],
  [424, 'Failed Dependency'],
  [426, 'Upgrade Required'],
  [428, 'Precondition Required'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [451, 'Unavailable For Legal Reasons'],
  [499, 'Client Closed Request'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [503, 'Service Temporarily Unavailable'],
  [504, 'Gateway Timeout'],
  [504, 'Gateway Time-out'],
  [505, 'HTTP Version Not Supported'],
  [507, 'Insufficient Storage'],
  [511, 'Network Authentication Required'],
];

/** Phrases by their letters in lower case. */
export const CODE_BY_NAME: ReadonlyMap<string, number> = new Map(
  REASONS.map(([code, phrase]) => [letters(phrase), code] as const),
);
/** Length of the longest phrase in characters. */
export const MAX_REASON = Math.max(...REASONS.map(([, phrase]) => phrase.length));
const NAMES_BY_CODE = new Map<number, string[]>();
for (const [name, code] of CODE_BY_NAME) NAMES_BY_CODE.set(code, [...(NAMES_BY_CODE.get(code) ?? []), name]);

/** The phrases of a status by their letters in lower case. */
export function reasonsOf(code: number): readonly string[] {
  return NAMES_BY_CODE.get(code) ?? [];
}

export function letters(phrase: string): string {
  return phrase.replace(/[^a-z]/gi, '').toLowerCase();
}

// ------------------------------------------------------------------------------------------------- where statuses stand

/** What a number of three digits is part of that is no status: a longer number, a time, an address, a version, a path, a name. */
const BEFORE = '(?<![\\w.#/%+&?$@]|\\w-|\\d[:,])';
const AFTER = '(?![\\w%/=]|[.,:-]\\d)';
/** What is counted or measured, and the process id of Spring Boot (`ERROR 401 --- [main]`). */
const UNIT =
  '[ \\t]{0,4}(?:---|[mnuµ]?s|m(?:illi)?sec(?:ond)?s?|millis|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|bytes?|[kMG]?i?B|[kmg]b|chars?|characters?|rows?|records?|results?|items?|entries|issues?|lines?|files?|users?|groups?|times?|objects?|documents?|elements?|commits?|repositories|threads?|pages?|retries|attempts?|more|of)(?![\\w-])';

/** Three digits that may be a status. */
export const NUMBER = new RegExp(`${BEFORE}[1-5]\\d\\d${AFTER}`, 'g');
export const UNIT_AFTER = new RegExp(`^${UNIT}`);

/** What git and JGit print instead of a status, and what stands before the names of statuses. */
const WORDED = [
  ': not authorized',
  '-pack not permitted',
  'Authentication failed for ',
  'HTTP status',
  'HTTP response code',
  'Status ?Code',
];

/** Finds one of the statuses as a number wherever a text tells of it so; far quicker than to look what the text means. */
export function numberPattern(codes: readonly number[]): RegExp {
  // The digits come first: that is what can be searched for fast.
  return new RegExp(`(?:${codes.join('|')})(?<=${BEFORE}\\d{3})${AFTER}(?!${UNIT})`);
}

/** Finds something in every text that tells of a status in words. */
export const WORDS = new RegExp(
  WORDED.map((phrase) => phrase.replace(/[a-z]/gi, (char) => `[${char.toLowerCase()}${char.toUpperCase()}]`)).join('|'),
);
