/** Exit states, as the output contract names them. If several apply: 4, 2, 1, 3. */
export const EXIT = {
  ok: 0,
  findings: 1,
  usage: 2,
  unreadable: 3,
  internal: 4,
  interrupted: 130,
  terminated: 143,
} as const;
