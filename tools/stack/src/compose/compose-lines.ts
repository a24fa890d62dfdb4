export type Lines = readonly string[];

const HINT = 'run node tools/stack/compose/write-env.mjs and use --env-file .sluice/compose.env';

/** Health check of a container by a request from the container itself. */
export function healthLines(url: string): Lines {
  const ready = `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return [
    '  healthcheck:',
    '    <<: *ready',
    '    test:',
    '      [',
    ...['CMD', 'node', '-e', `"${ready}"`].map((word) => `        ${word},`),
    '      ]',
  ];
}

export function line(variable: string, value: string): string {
  return `  ${variable}: ${value}`;
}

/** Single quotes where YAML would otherwise read a number, a truth value, a comment or an anchor. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9][\w.:/-]*$/.test(text) && !/^(\d+|true|false)$/.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

export function required(variable: string): string {
  return `\${${variable}:?${HINT}}`;
}
