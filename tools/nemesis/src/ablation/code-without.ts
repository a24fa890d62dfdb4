import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { transformSync, type Options } from '@swc/core';
import { SAFETY_RULES, type Edit, type RuleName } from './rules.js';
import type { NemesisOptions } from '../options.js';
import type { Report } from '../run/report.js';

const PROJECTS = ['apps/*', 'libs/*', 'tools/*'];
const OURS = '@sluice';

/**
 * Copies the built services of a checkout to a folder and compiles the edited files again.
 * Third-party packages are linked; our own packages are linked to the copy.
 */
function codeWithout(edits: readonly Edit[], code: string, folder: string): void {
  for (const project of globSync(PROJECTS, { cwd: code })) {
    mkdirSync(join(folder, project), { recursive: true });
    // Tools consisting of tests only have no `dist`.
    for (const part of ['package.json', 'dist'].filter((one) =>
      existsSync(join(code, project, one)),
    ))
      cpSync(join(code, project, part), join(folder, project, part), {
        recursive: true,
        filter: (path) => !path.endsWith('.map'),
      });
  }
  // Bundles contain the removed rules: the compiled programs replace the bundles.
  for (const entry of globSync('apps/*/dist/**/*.entry.js', { cwd: folder }))
    renameSync(join(folder, entry), join(folder, entry.replace('.entry.js', '.js')));
  linkPackages(join(code, 'node_modules'), join(folder, 'node_modules'));
  const options = JSON.parse(readFileSync(join(code, '.swcrc'), 'utf8')) as Options;
  for (const [file, source] of edited(edits, code)) {
    const compiled = file.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
    const { code: text } = transformSync(source, {
      ...options,
      swcrc: false,
      configFile: false,
      sourceMaps: false,
      filename: join(code, file),
    });
    writeFileSync(join(folder, compiled), text);
  }
}

/** Returns the edited sources by file. Throws if the code of a rule no longer matches the edit. */
export function edited(edits: readonly Edit[], code: string): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { file, from, to } of edits) {
    const parts = (sources.get(file) ?? readFileSync(join(code, file), 'utf8')).split(from);
    if (parts.length !== 2)
      throw new Error(
        `${file} has the text of the rule ${parts.length - 1} times, not once: adapt tools/nemesis/src/ablation/rules.ts to the code. The text: ${from}`,
      );
    sources.set(file, parts.join(to));
  }
  return sources;
}

function linkPackages(from: string, to: string): void {
  mkdirSync(join(to, OURS), { recursive: true });
  for (const name of readdirSync(from))
    if (name !== OURS) symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, OURS)))
    symlinkSync(readlinkSync(join(from, OURS, name)), join(to, OURS, name));
}

/** Long enough for a kill after a request, and for the effects of the removed rule. */
const SEED_MINUTES = 1;

/** The load of a scenario is the same in each run. */
const SCENARIO_SEED = 1;

/**
 * Runs built services without a safety rule. The report passes if a withdrawal was paid, booked or
 * reported wrongly; a waiting withdrawal does not count.
 */
export async function withoutRule(
  name: RuleName,
  options: NemesisOptions,
  run: (options: NemesisOptions) => Promise<readonly Report[]>,
  say: (line: string) => void,
): Promise<Report> {
  const { about, edits, shownBy } = SAFETY_RULES[name];
  const code = mkdtempSync(join(tmpdir(), 'sluice-without-'));
  try {
    codeWithout(edits, options.code, code);
    say(`\nwithout "${about}"`);
    const [report] = await run({
      ...options,
      code,
      without: [],
      ...('scenario' in shownBy
        ? { scenarios: [shownBy.scenario], seeds: [SCENARIO_SEED] }
        : { seeds: [shownBy.seed], groups: [shownBy.faults], minutes: SEED_MINUTES }),
    });
    if (!report) throw new Error(`the run without ${name} made no report`);
    const holds = report.wrongs > 0;
    const title = `without ${name}`;
    const verdict = `${report.title} is ${holds ? 'red' : 'still green'}: ${report.verdict}`;
    return {
      title,
      verdict,
      holds,
      wrongs: report.wrongs,
      json: { ...report.json, title, verdict, holds },
    };
  } finally {
    rmSync(code, { recursive: true, force: true });
  }
}
