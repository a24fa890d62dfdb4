import { readFileSync } from 'node:fs';
import { Load } from './dist/load.js';
const run = JSON.parse(readFileSync('.sluice/run.json'));
const load = await Load.prepare(run);
for (const [r, s] of [[50, 6], [200, 6]]) console.log(JSON.stringify(await load.run(r, s)));
await load.close();
