// Makes a run file of the composed stack for `npm run -s sluice -- --run FILE` and `npm start -- --at FILE`:
// `docker compose exec -T issuer cat /data/issuer.json | node tools/stack/compose/write-run.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { people } = JSON.parse(readFileSync(0, 'utf8'));
const addresses = JSON.parse(readFileSync(new URL('addresses.json', import.meta.url), 'utf8'));
const file = fileURLToPath(new URL('../../../.sluice/compose-run.json', import.meta.url));
const { chains_url, ...others } = addresses;
// The services reach a node at the container's name, this machine at its own address.
const chains = await (await fetch(chains_url)).text();
const chainsHere = JSON.parse(chains.replaceAll('http://chains:', 'http://127.0.0.1:'));
const run = { ...others, chains: chainsHere, issuer: { ...addresses.issuer, people } };
writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
console.log(`wrote ${file}`);
