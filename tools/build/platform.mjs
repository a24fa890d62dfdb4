// Commands that start PostgreSQL, Kafka and the services on this machine run on Linux only: the
// supervisor reads /proc. Elsewhere the command ends at once and names the containers.

import { delimiter } from 'node:path';

/** Commands that start servers. `npm start -- --at FILE` uses servers that run elsewhere. */
const STARTS_SERVERS = [
  'start',
  'stack',
  'nemesis',
  'drill',
  'roll',
  'upgrade',
  'cluster',
  'bench',
];

/** Returns the reason why the command cannot run on the platform, or undefined. */
export function refusalOn(platform, command, args) {
  if (platform === 'linux' || !STARTS_SERVERS.includes(command)) return undefined;
  if (command === 'start' && args.some((word) => /^--at(=|$)/.test(word))) return undefined;
  return `\`npm ${command === 'start' ? command : `run ${command}`}\` starts its servers on Linux only, and this is ${platform}: run \`node tools/stack/compose/write-env.mjs\`, then \`docker compose --env-file .sluice/compose.env up --build\``;
}

/** Characters that no checkout's path may contain, with the program that cannot quote them. */
const UNQUOTABLE = [
  [delimiter, 'separates the folders of PATH'],
  ['*', 'is a placeholder in the names of Node packages'],
];

/** Returns the reason why no command can run in the checkout, or undefined. */
export function refusalIn(root) {
  const [character, meaning] = UNQUOTABLE.find(([one]) => root.includes(one)) ?? [];
  if (character === undefined) return undefined;
  return `the path of this checkout is ${root}, and "${character}" ${meaning}: move the checkout to a path without "${character}"`;
}
