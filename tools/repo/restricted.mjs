// ESLint selectors of language features forbidden in this repository; eslint.config.mjs defines the
// files of each list.
const MONEY = '/amount|fee|balance|posted|held|available/i';
const SECRET = '/(^|_)(sig|mac|hmac|token)$|(signature|Sig|Mac|Hmac|Token)$/';

export const SHAPES = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
  {
    selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]',
    message: 'Narrow the value instead of casting through unknown.',
  },
  {
    selector: 'SpreadElement > :matches(ObjectExpression, ArrayExpression)',
    message: 'Write the properties or elements in place, without a spread.',
  },
];
/**
 * Barrel imports inside a project. A spec may import the barrel, to test the project's public
 * exports.
 */
export const BARREL = [
  {
    selector: 'ImportDeclaration[source.value=/^\\..*index\\.js$/]',
    message: 'Inside a project import the file, not the barrel.',
  },
];
export const FLOATS = [
  `CallExpression[callee.name="Number"]`,
  `UnaryExpression[operator="+"]`,
].flatMap((conversion) =>
  [`Identifier[name=${MONEY}]`, `Literal[value=${MONEY}]`].map((name) => ({
    selector: `${conversion} ${name}`,
    message: 'Money is never a JavaScript number: use Amount.',
  })),
);
export const SECRETS = ['left', 'right'].flatMap((side) =>
  [
    `[${side}.name=${SECRET}]`,
    `[${side}.property.name=${SECRET}]`,
    `[${side}.property.value=${SECRET}]`,
  ].map((name) => ({
    selector: `BinaryExpression[operator=/^[!=]==?$/]${name}:not(:has(> Literal, > Identifier[name="undefined"]))`,
    message: 'Compare in constant time: timingSafeEqual.',
  })),
);
export const SQL = [
  {
    selector:
      'CallExpression[callee.property.name=/^(query|sql)$/] > TemplateLiteral.arguments > :matches(Identifier:not([name=/^([A-Z0-9_]+|sql|[a-zA-Z]+Sql)$/]), MemberExpression, ConditionalExpression, CallExpression:not([callee.property.name=/^escape/]))',
    message:
      'Pass values as parameters ($1); only constants in CAPITALS and texts named …Sql are put into SQL.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(query|sql)$/] > BinaryExpression.arguments[operator="+"]',
    message: 'Pass values as parameters ($1).',
  },
];
/**
 * The process's own clock must not be used: instants come from the database or the venue, durations
 * from the monotonic clock.
 */
const NO_CLOCK =
  'The clock of this process may be hours off: ask the database (Tx.now, Database.clock) or the venue, and monotonicMs for durations.';
export const CLOCK = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
].map((selector) => ({
  selector,
  message: NO_CLOCK,
}));
export const CLOCK_PROPERTIES = [
  { object: 'Date', property: 'now', message: NO_CLOCK },
  { object: 'performance', property: 'now', message: NO_CLOCK },
  { object: 'performance', property: 'timeOrigin', message: NO_CLOCK },
  { object: 'process', property: 'hrtime', message: NO_CLOCK },
];

export const FLOAT_PROPERTIES = [
  {
    object: 'Number',
    property: 'parseFloat',
    message: 'Money is never a JavaScript number: use Amount.',
  },
];
export const ENVIRONMENT = [
  { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
];
export const CORE_PROPERTIES = [
  { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
  { object: 'Math', property: 'random', message: 'Take randomness as an argument.' },
];

/** Names of Node that no browser has. */
export const BROWSER_GLOBALS = ['process', 'Buffer', 'require', 'global', 'setImmediate'];
const NO_NUMBER =
  'An amount stays the exact text of the service: the page computes no number from a text.';
const NO_MARKUP =
  'Text stays text: the page writes no markup, and no style that the policy refuses.';
/**
 * Language features forbidden in the console's page: conversions of texts to numbers, and ways around
 * React's escaping.
 */
export const BROWSER = [
  { selector: 'CallExpression[callee.name="Number"]', message: NO_NUMBER },
  { selector: 'UnaryExpression[operator="+"]', message: NO_NUMBER },
  { selector: 'CallExpression[callee.property.name="toLocaleString"]', message: NO_NUMBER },
  {
    selector: 'MemberExpression[object.name="Intl"][property.name="NumberFormat"]',
    message: NO_NUMBER,
  },
  ...['dangerouslySetInnerHTML', 'style', 'srcDoc'].map((name) => ({
    selector: `JSXAttribute[name.name="${name}"]`,
    message: NO_MARKUP,
  })),
  {
    selector: 'Property[key.name="dangerouslySetInnerHTML"]',
    message: NO_MARKUP,
  },
  {
    selector:
      'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|write|writeln|createContextualFragment)$/]',
    message: NO_MARKUP,
  },
];
