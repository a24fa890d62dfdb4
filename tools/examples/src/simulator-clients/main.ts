import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENTS, type ClientLibrary, type Language } from './clients.js';
import { INSTALL, runClient, type Installation } from './run-client.js';
import { startSimulators, type Simulators } from './simulators.js';

const LANGUAGES = [...new Set(CLIENTS.map(({ language }) => language))];
const counts = { passed: 0, failed: 0, skipped: 0 };

const asked = process.argv.slice(2).map((name) => name.toLowerCase());
const unknown = asked.find((name) => !LANGUAGES.some((one) => one.toLowerCase() === name));
if (unknown === undefined)
  await main(LANGUAGES.filter((one) => asked.length === 0 || asked.includes(one.toLowerCase())));
else {
  console.error(`no client is in ${unknown}; there are ${LANGUAGES.join(', ')}`);
  process.exitCode = 2;
}

async function main(languages: readonly Language[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clients-'));
  const simulators = await startSimulators();
  try {
    for (const language of languages) await runLanguage(language, folder, simulators);
  } finally {
    await simulators.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const { passed, failed, skipped } = counts;
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (failed > 0) process.exitCode = 1;
}

async function runLanguage(
  language: Language,
  folder: string,
  simulators: Simulators,
): Promise<void> {
  const clients = CLIENTS.filter((client) => client.language === language);
  const installation = install(language, join(folder, language));
  if (typeof installation === 'string') {
    counts.skipped += clients.flatMap(({ venues }) => venues).length;
    console.log(`${language}: skipped: ${installation}`);
    return;
  }
  for (const client of clients) await runOne(client, installation, simulators);
}

/** Returns the installation, or the reason for the missing installation. */
function install(language: Language, folder: string): Installation | string {
  try {
    return INSTALL[language](folder) ?? 'the language is not on this machine';
  } catch (error) {
    return (error as Error).message;
  }
}

async function runOne(
  client: ClientLibrary,
  installation: Installation,
  simulators: Simulators,
): Promise<void> {
  const { language, library, version, venues } = client;
  for (const venue of venues) {
    const fault = await runClient(installation(client), venue, simulators.of(venue));
    counts[fault === null ? 'passed' : 'failed']++;
    console.log(`${language} ${library} ${version} ${venue}: ${fault ?? 'ok'}`);
  }
}
