// SPDX-License-Identifier: Apache-2.0
// Usage: node validate.mjs FOLDER, from a folder that holds this file and node_modules.
// Checks every manifest that the kustomization in FOLDER names against the schemas of Kubernetes, and itself for files
// that are not there. Prints one line for each, and exits 1 when one does not fit.
import fs from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

const folder = process.argv[2];
const read = (name) => load(fs.readFileSync(path.join(folder, name), 'utf8'));
let failures = 0;

for (const name of read('kustomization.yaml').resources) {
    const manifest = read(name);
    const kinds = await import('kubernetes-models/' + manifest.apiVersion);
    try {
        new kinds[manifest.kind](manifest).validate();
        console.log(`valid ${manifest.kind} ${name}`);
    } catch (error) {
        console.log(`invalid ${name}: ${error.message}`);
        failures += 1;
    }
}
process.exit(failures > 0 ? 1 : 0);
