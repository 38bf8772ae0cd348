/** The invented Jira whose log is written: its clock, its users, its headers. Hosts and users are made up. */
import { Random } from './random.js';

const START = Date.UTC(2026, 2, 2, 6, 0, 0, 12);
const LONGEST_GAP = 110; // milliseconds between two records
const USERS = 700;
const PROJECTS = 90;

/** Words of a record that differ each time. */
export type Message = (scene: Scene) => string;

interface User {
  readonly name: string;
  readonly session: string;
  readonly addresses: string;
}

export class Scene {
  readonly random: Random;
  readonly #users: readonly User[];
  readonly #projects: readonly string[];
  #now = START;
  #requests = 1000;
  #second = -1;
  #secondText = '';

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    this.#users = Array.from({ length: USERS }, () => toUser(random));
    this.#projects = Array.from({ length: PROJECTS }, () => random.capitals(random.between(2, 5)));
  }

  user(): string {
    return this.random.pickSkewed(this.#users).name;
  }

  project(): string {
    return this.random.pickSkewed(this.#projects);
  }

  issue(): string {
    return `${this.project()}-${this.random.between(1, 48_000)}`;
  }

  /** The beginning of a record that a web request writes: all fields are there. */
  request(level: string, logger: string, url: string = this.url()): string {
    const { random } = this;
    const { name, session, addresses } = random.pickSkewed(this.#users);
    const stamp = this.stamp();
    const minute = Math.floor(this.#now / 60_000) % 1440;
    this.#requests++;
    const thread = `http-nio-8080-exec-${random.between(1, 200)}${random.chance(0.4) ? ` url:${shortened(url)}` : ''}`;
    return `${stamp} ${thread} ${level} ${name} ${minute}x${this.#requests}x${random.between(1, 9)} ${session} ${addresses} ${url} [${logger}] `;
  }

  /** The beginning of a record of a background thread: the fields of the request are empty, the blanks between them stay. */
  background(level: string, logger: string, thread: string = this.#thread()): string {
    const user = thread.startsWith('Caesium') ? 'ServiceRunner' : '';
    return `${this.stamp()} ${thread} ${level} ${user}     [${logger}] `;
  }

  /** Goes on in time. */
  stamp(): string {
    this.#now += this.random.between(0, LONGEST_GAP);
    const second = Math.floor(this.#now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ');
    }
    return `${this.#secondText},${String(this.#now % 1000).padStart(3, '0')}+0000`;
  }

  url(): string {
    const { random } = this;
    switch (random.between(0, 9)) {
      case 0:
      case 1:
        return `/rest/api/2/issue/${this.issue()}`;
      case 2:
        return `/browse/${this.issue()}`;
      case 3:
        return `/rest/api/2/issue/${this.issue()}/transitions`;
      case 4:
        return `/rest/gitplugin/1.0/issues/${this.issue()}/commits`;
      case 5:
        return `/s/${random.token(6)}/920012/${random.hex(12)}/_/download/batch/batch.js`;
      default:
        return random.pick(URLS);
    }
  }

  #thread(): string {
    const { random } = this;
    return `${random.pick(THREADS)}${random.between(1, 12)}`;
  }
}

function toUser(random: Random): User {
  const first = `10.${random.between(0, 40)}.${random.between(0, 255)}.${random.between(1, 254)}`;
  return {
    name: `${random.pick(FIRST_NAMES)}${random.pick(['.', '', '-'])}${random.token(random.between(3, 7))}`,
    session: random.token(random.between(6, 7)),
    addresses: random.chance(0.6) ? `${first},192.0.2.${random.between(1, 20)}` : first,
  };
}

/** Jira shortens long addresses in names of threads from the middle. */
function shortened(url: string): string {
  return url.length <= 40 ? url : `${url.slice(0, 15)}...${url.slice(-22)}`;
}

const FIRST_NAMES = [
  'alva',
  'bo',
  'chidi',
  'dana',
  'emre',
  'freya',
  'goran',
  'hana',
  'ines',
  'jomo',
  'katya',
  'lin',
  'build',
  'svc',
  'zoe',
];

const THREADS = [
  'Caesium-1-',
  'IssueIndexer:thread-',
  'localq-reader-',
  'Modification Check:thread-',
  'plugin-transaction-',
  'active-objects-init-',
];

const URLS = [
  '/rest/api/2/search',
  '/secure/RapidBoard.jspa',
  '/secure/Dashboard.jspa',
  '/rest/greenhopper/1.0/xboard/work/allData.json',
  '/rest/issueNav/1/issueTable',
  '/rest/webResources/1.0/resources',
  '/secure/QuickCreateIssue!default.jspa',
  '/rest/gadget/1.0/issueTable/jql',
  '/plugins/servlet/gadgets/ifr',
  '/rest/dev-status/1.0/issue/detail',
  '/rest/servicedesk/1/customer/models',
  '/rest/analytics/1.0/publish/bulk',
];
