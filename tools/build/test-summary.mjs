// End of `npm test`: failed and skipped tests by name, tables of times, and a final line for scripts.
import { timeTables } from './test-times.mjs';

export function summary(results) {
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  const all = (key) => results.flatMap((result) => result[key] ?? []);
  return [
    ...named('Failed:', '✗', all('failures')),
    ...named('Skipped:', '○', all('omissions')),
    ...named('Failed in the first run, and ran a second time alone:', '↻', all('again')),
    ...named('Mishaps of test runners:', '!', all('mishaps')),
    ...timeTables(all('times')),
    '',
    row('stage', ['passed', 'failed', 'skipped', 'seconds']),
    ...results.map(({ name, passed, failed, skipped, seconds, note }) =>
      row(name, [passed, failed, skipped, seconds.toFixed(1)], note),
    ),
    '',
    `${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`,
  ].join('\n');
}

function named(title, mark, tests) {
  return tests.length > 0 ? ['', title, ...tests.map((test) => `  ${mark} ${test}`)] : [];
}

function row(name, figures, note = '') {
  const columns = figures.map((figure) => String(figure).padStart(9)).join('');
  return `${name.padEnd(13)}${columns}  ${note}`.trimEnd();
}
