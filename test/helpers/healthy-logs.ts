/** Logs of ordinary life, each of its own kind: no rule may fire in them. */
import type { HealthyKind } from './healthy/day.js';
import { JIRA_LOGS } from './healthy/jira.js';
import { PLATFORM_LOGS } from './healthy/platform.js';
import { PRODUCT_LOGS } from './healthy/products.js';
import { QUOTING_LOGS } from './healthy/quotes.js';
import { SERVICE_LOGS } from './healthy/services.js';

export { type HealthyKind, LEAST } from './healthy/day.js';

export const HEALTHY_LOGS: readonly HealthyKind[] = [
  ...JIRA_LOGS,
  ...PRODUCT_LOGS,
  ...PLATFORM_LOGS,
  ...SERVICE_LOGS,
  ...QUOTING_LOGS,
];
