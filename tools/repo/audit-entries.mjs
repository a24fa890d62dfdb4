/** The only import of an app: the auditor reads a venue by the connector's own definition of the venue. */
export const AUDIT_ENTRY = '^@sluice/connector-[a-z]+/audit$';

/** Opens these entries to the auditor; `noApps` is the pattern that refuses every app. */
export function auditEntries(noApps) {
  const regex = `(?!${AUDIT_ENTRY})${noApps.regex}`;
  return [
    {
      files: ['apps/auditor/src/**/*.ts'],
      rules: { 'no-restricted-imports': ['error', { patterns: [{ ...noApps, regex }] }] },
    },
  ];
}
