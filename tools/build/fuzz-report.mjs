// Counts the results of the request fuzzer: the JUnit report, or the reason for a missing run.
import { existsSync, readFileSync } from 'node:fs';
import { NOTHING } from './jest-reports.mjs';

/**
 * A run without a report counts as a failed test, and so does a run without a test case. An
 * impossible run counts as a skipped test.
 */
export function countFuzz(folder) {
  const [note, junit] = [`${folder}/report.json`, `${folder}/junit.xml`];
  const { skipped, failed } = existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : {};
  if (failed) return failure(failed);
  if (skipped) return { ...NOTHING, skipped: 1, omissions: [`fuzz: ${skipped}`] };
  if (existsSync(junit)) return countJunit(readFileSync(junit, 'utf8'));
  return failure('it ended without a report; see its output above');
}

function failure(why) {
  return { ...NOTHING, failed: 1, failures: [`fuzz: ${why}`] };
}

/**
 * Each operation, and each run of several operations, is a test case. A report without a test case
 * fails.
 */
export function countJunit(xml) {
  const cases = [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, attributes = '', inside = '']) => ({
      name: textOf(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? ''),
      cause: /<(?:failure|error)\b[^>]*?(?:\/>|>([\s\S]*?)<\/(?:failure|error)>)/.exec(inside),
      isSkipped: /<skipped\b/.test(inside),
    }),
  );
  if (cases.length === 0) return failure('its report has no test');
  const failed = cases.filter(({ cause }) => cause);
  const skipped = cases.filter(({ cause, isSkipped }) => !cause && isSkipped);
  return {
    passed: cases.length - failed.length - skipped.length,
    failed: failed.length,
    skipped: skipped.length,
    failures: failed.map(({ name, cause }) => [`fuzz: ${name}`, ...linesOf(cause[1])].join('\n')),
    omissions: skipped.map(({ name }) => `fuzz: ${name}`),
  };
}

const LINES_OF_A_CAUSE = 25;

function linesOf(cause = '') {
  return textOf(cause.replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, ''))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LINES_OF_A_CAUSE)
    .map((line) => `      ${line}`);
}

function textOf(xml) {
  return xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#10;', '\n')
    .replaceAll('&amp;', '&');
}
