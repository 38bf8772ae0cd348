/** A log that becomes another one in its middle: what was rare, the words of the rules among it, is frequent from there on. */
import { toFaults } from '../faults.js';
import type { Material } from '../material.js';
import type { Message, Scene } from '../scene.js';
import { PRODUCTS, THINGS } from '../vocabulary.js';
import { type LogEntry, shared, type Writer } from './kind.js';
import { normal } from './normal.js';
import { failure } from './records.js';

const MIDDLE = 0.5;

export function shift(scene: Scene, material: Material): Writer {
  const before = normal(scene, material);
  const after = afterwards(scene);
  return (progress) => (progress < MIDDLE ? before : after)(progress);
}

/** The products have been installed, the users speak other languages, other things go wrong. No literal is in it. */
function afterwards(scene: Scene): Writer {
  const { random } = scene;
  const faults = toFaults(random, { low: 20, high: 90 }, HOMES);
  return shared(random, [
    { share: 600, write: () => line(scene, scene.request(random.pick(LEVELS), logger(scene), address(scene))) },
    { share: 370, write: () => line(scene, scene.background(random.pick(LEVELS), logger(scene))) },
    { share: 30, write: () => failure(scene, random.pickSkewed(faults)) },
  ]);
}

function line(scene: Scene, header: string): LogEntry {
  return { text: `${header}${scene.random.pick(MESSAGES)(scene)}\n`, isError: false };
}

function logger({ random }: Scene): string {
  const product = random.pick(PRODUCTS);
  const words = random.pick(THINGS).split(' ');
  const name = [product, ...words].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `c.e.${product}.${words[0]}.${name}${random.pick(['Reader', 'Writer', 'Index', 'View'])}`;
}

function address({ random }: Scene): string {
  return `/rest/${random.pick(PRODUCTS)}/2/${random.pick(THINGS).replace(' ', '-')}/${random.between(1, 90_000)}`;
}

const LEVELS = ['INFO', 'INFO', 'INFO', 'DEBUG', 'WARN'];

const HOMES = PRODUCTS.map((product) => `com.example.${product}.import.steps`);

const MESSAGES: readonly Message[] = [
  (scene) => `The ${scene.random.pick(THINGS)} of ${scene.user()} could not be older than ${scene.issue()}`,
  (scene) =>
    `POST https://${scene.random.pick(PRODUCTS)}.example.com/rest/api/${scene.random.pick(THINGS).replace(' ', '-')} -> 201 in ${scene.random.between(2, 500)} ms`,
  (scene) => `Der Stapel von ${scene.user()} wurde übernommen, es fehlen noch ${scene.random.between(1, 90)} Belege`,
  (scene) =>
    `Le lot ${scene.random.between(1, 9_000)} a été reçu par ${scene.user()} ; la vérification est déjà terminée`,
  (scene) => `Пакет ${scene.issue()} принят, осталось ${scene.random.between(1, 400)} записей для ${scene.user()}`,
  (scene) => `在庫 ${scene.issue()} の更新は完了しました（${scene.random.between(1, 900)} 件、担当 ${scene.user()}）`,
  (scene) => `lock of ${scene.user()} on the ${scene.random.pick(THINGS)} is held for ${scene.random.between(1, 60)} s`,
  (scene) =>
    `${scene.random.pick(PRODUCTS)} takes the ${scene.random.pick(THINGS)} ${scene.random.hex(8)} over after ${scene.random.between(1, 900)} ms`,
];
