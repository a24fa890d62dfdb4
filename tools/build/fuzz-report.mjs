// Counts what the generator of requests wrote: its own JUnit report, or why it was not run.
import { existsSync, readFileSync } from 'node:fs';
import { NOTHING } from './jest-reports.mjs';

/** A run that left no report counts as one failed test, one that could not be as a skipped one. */
export function countFuzz(folder) {
  const [note, junit] = [`${folder}/report.json`, `${folder}/junit.xml`];
  if (existsSync(junit)) return countJunit(readFileSync(junit, 'utf8'));
  if (existsSync(note)) {
    const { skipped } = JSON.parse(readFileSync(note, 'utf8'));
    return { ...NOTHING, skipped: 1, omissions: [`fuzz: ${skipped}`] };
  }
  return {
    ...NOTHING,
    failed: 1,
    failures: ['fuzz: it ended without a report; see its output above'],
  };
}

/** Each operation, and each run of several, is a test case. A report without one has proven nothing. */
export function countJunit(xml) {
  const cases = [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, attributes = '', inside = '']) => ({
      name: textOf(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? ''),
      cause: /<(?:failure|error)\b[^>]*?(?:\/>|>([\s\S]*?)<\/(?:failure|error)>)/.exec(inside),
      isSkipped: /<skipped\b/.test(inside),
    }),
  );
  if (cases.length === 0)
    return { ...NOTHING, failed: 1, failures: ['fuzz: its report has no test'] };
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
