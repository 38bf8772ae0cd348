import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { FINGERPRINT_VERSION } from '../model/incident.js';

/** The id of an incident: the same for the same rule and group in every run, on every node. */
export function incidentId(rule: string, group: readonly string[]): string {
  return `inc_${hash(['rule', rule, ...group])}`;
}

/** The id of an unknown error, of the key that tells it from others. */
export function unknownId(key: string): string {
  return `unk_${hash(['unknown', key])}`;
}

function hash(parts: readonly string[]): string {
  const text = JSON.stringify([FINGERPRINT_VERSION, ...parts]);
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 12);
}
