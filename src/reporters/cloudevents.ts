/** An incident as a CloudEvent 1.0 in the structured JSON form: what a webhook sends. */
import type { Incident, UnknownError } from '../model/incident.js';
import { newestPlace } from './place.js';

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/**
 * A receiver may take two events of the same `source` and `id` for one.
 * @param source who says so: `/logscan/` and the UUID of the state directory
 */
export function cloudEvent(object: Incident | UnknownError, source: string): object {
  const { id, event, revision, lastAt } = object;
  const place = newestPlace(object.evidence);
  return {
    specversion: '1.0',
    id: `${id}/${revision}`,
    source,
    type: `dev.logscan.incident.${event}.v1`,
    ...(place === null ? {} : { subject: withoutNoncharacters(place) }),
    ...(lastAt === null ? {} : { time: lastAt }),
    datacontenttype: 'application/json',
    data: object,
  };
}

/** An attribute may hold neither controls, which are written out already, nor these. */
function withoutNoncharacters(text: string): string {
  return text.replace(/\p{Noncharacter_Code_Point}/gu, '\ufffd');
}
