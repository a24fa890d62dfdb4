export {
  Answers,
  AnswersList,
  AnswersNumberedPage,
  AnswersPage,
  AnswersRefusals,
} from './answers.js';
export { Accepted } from './accepted.js';
export { ApiError } from './api-error.js';
export {
  failure,
  NumberedPageOf,
  PageOf,
  type Failure,
  type List,
  type NumberedPage,
  type Page,
  type Success,
} from './envelope.js';
export { EnvelopeInterceptor } from './envelope.interceptor.js';
export { ExactPipe, readFields } from './exact.pipe.js';
export {
  ChoiceField,
  codePointsOf,
  DecimalField,
  Field,
  FlagField,
  NestedListField,
  PatternField,
  isStorable,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
  type FieldCheck,
  type FieldOptions,
} from './fields.js';
export { parseJsonBody } from './json-body.js';
export { RefuseMisspelt } from './misspelt.js';
export { acceptRawBodies, RawBody, rawBodyOf } from './raw-body.js';
export { SERVED_AT, ServedAt, type Port } from './served-at.js';
