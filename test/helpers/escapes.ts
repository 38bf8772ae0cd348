/** All forms in which a value may stand in a text. */
export const FORMS: Readonly<Record<string, (value: string) => string>> = {
  raw: (value) => value,
  JSON: (value) => JSON.stringify(value).slice(1, -1),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
  'JSON with codes': (value) =>
    [...value].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  HTML: (value) =>
    value
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  'HTML with codes': (value) => [...value].map((char) => `&#x${char.charCodeAt(0).toString(16)};`).join(''),
  percent: (value) => encodeURIComponent(value),
  'percent, twice': (value) => encodeURIComponent(encodeURIComponent(value)),
  'percent, every byte': (value) =>
    [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'colours of a terminal': (value) => `\x1b[31m${value.slice(0, 4)}\x1b[1m${value.slice(4)}\x1b[0m`,
};
