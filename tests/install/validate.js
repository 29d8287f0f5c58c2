// SPDX-License-Identifier: Apache-2.0
// Usage: node validate.js FOLDER
// Checks every manifest that the kustomization in FOLDER names against the schemas of Kubernetes, and itself for files
// that are not there. Prints one line for each, and exits 1 when one does not fit.
const fs = require('fs');
const path = require('path');
const yaml = require('js-yaml');

const folder = process.argv[2];
const read = (name) => yaml.load(fs.readFileSync(path.join(folder, name), 'utf8'));
let failures = 0;

for (const name of read('kustomization.yaml').resources) {
    const manifest = read(name);
    // "batch/v1" is a folder of the package, "v1" is one at its top.
    const kinds = require('kubernetes-models/' + manifest.apiVersion);
    try {
        new kinds[manifest.kind](manifest).validate();
        console.log(`valid ${manifest.kind} ${name}`);
    } catch (error) {
        console.log(`invalid ${name}: ${error.message}`);
        failures += 1;
    }
}
process.exit(failures > 0 ? 1 : 0);
