/** `npm run sample-bundle -- FILE`: the support bundle of a Jira with two nodes, to try logscan on; a zip, or a tar.gz by its name. */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tarOf, zipOf } from './archives.js';
import { supportBundle } from './support-bundle.js';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('expected npm run sample-bundle -- FILE');
const members = supportBundle();
writeFileSync(file, /\.t(?:ar\.)?gz$/.test(file) ? gzipSync(tarOf(members)) : zipOf(members));
