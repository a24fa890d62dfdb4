import {
  BARREL,
  BROWSER,
  BROWSER_GLOBALS,
  CLOCK,
  CORE_PROPERTIES,
  ENVIRONMENT,
  FLOAT_PROPERTIES,
  FLOATS,
  SECRETS,
  SHAPES,
} from './restricted.mjs';

/** The console's page, which runs in browsers. */
export const CONSOLE = 'apps/console-web/src/**/*.{ts,tsx}';

/** The page has a compiler configuration of its own, and neither markup from text nor amounts as numbers. */
export const CONSOLE_RULES = {
  files: [CONSOLE],
  languageOptions: {
    parserOptions: {
      project: './apps/console-web/tsconfig.json',
      tsconfigRootDir: `${import.meta.dirname}/../..`,
    },
  },
  rules: {
    '@typescript-eslint/no-misused-promises': [
      'error',
      { checksVoidReturn: { attributes: true, arguments: true } },
    ],
    'no-restricted-globals': ['error', 'parseFloat', 'parseInt', ...BROWSER_GLOBALS],
    'no-restricted-properties': ['error', ...FLOAT_PROPERTIES, ...ENVIRONMENT, ...CORE_PROPERTIES],
    'no-restricted-syntax': [
      'error',
      ...SHAPES,
      ...BARREL,
      ...FLOATS,
      ...SECRETS,
      ...CLOCK,
      ...BROWSER,
    ],
  },
};
