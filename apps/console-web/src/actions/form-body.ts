import type { FieldDescription } from './route-description.js';

/** Values that a person entered, by the path of their field. A missing or empty text is no value. */
export type FormValues = Readonly<Record<string, string>>;

/** Faults of fields, by the field's path. */
export type FieldFaults = Readonly<Record<string, string>>;

/** A whole number that each double holds exactly. */
const WHOLE = /^-?\d{1,15}$/;

/**
 * Returns the exact text of a body. Numbers and JSON stay as they were entered, digit for digit.
 * `fixed`: top-level values that the page gives.
 */
export function bodyText(
  fields: readonly FieldDescription[],
  values: FormValues,
  fixed: Readonly<Record<string, unknown>> = {},
): string {
  const entered = fields.filter(({ name }) => !(name in fixed));
  const parts = [
    ...Object.entries(fixed).flatMap(([name, value]) =>
      value === undefined ? [] : [member(name, JSON.stringify(value))],
    ),
    ...membersOf(entered, values),
  ];
  return `{${parts.join(',')}}`;
}

function membersOf(fields: readonly FieldDescription[], values: FormValues): readonly string[] {
  return fields.flatMap((field) => {
    const text = jsonOf(field, values);
    if (text !== null) return [member(field.name, text)];
    return field.isRequired && field.mayBeNull ? [member(field.name, 'null')] : [];
  });
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}

/** JSON of a field's value; null without a value. */
function jsonOf(field: FieldDescription, values: FormValues): string | null {
  const value = values[field.path] ?? '';
  if (field.kind === 'group') {
    const members = membersOf(field.fields, values);
    return hasValue(field, values) || (field.isRequired && !field.mayBeNull)
      ? `{${members.join(',')}}`
      : null;
  }
  if (value.trim() === '') return null;
  switch (field.kind) {
    case 'flag':
      return value === 'true' ? 'true' : 'false';
    case 'whole number':
      return WHOLE.test(value.trim()) ? value.trim() : JSON.stringify(value);
    case 'json':
      return value.trim();
    case 'texts':
      return JSON.stringify(linesOf(value));
    default:
      return JSON.stringify(value.trim());
  }
}

function linesOf(value: string): readonly string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function hasValue(field: FieldDescription, values: FormValues): boolean {
  return field.kind === 'group'
    ? field.fields.some((part) => hasValue(part, values))
    : (values[field.path] ?? '').trim() !== '';
}

/** Finds what the service would refuse for certain. The service has the last word. */
export function faultsOf(fields: readonly FieldDescription[], values: FormValues): FieldFaults {
  return Object.fromEntries(
    fields.flatMap((field): readonly [string, string][] => {
      if (field.kind === 'group')
        return field.isRequired || hasValue(field, values)
          ? Object.entries(faultsOf(field.fields, values))
          : [];
      const fault = faultOf(field, (values[field.path] ?? '').trim());
      return fault === null ? [] : [[field.path, fault]];
    }),
  );
}

function faultOf({ kind, isRequired, mayBeNull, pattern }: FieldDescription, value: string) {
  if (value === '') return isRequired && !mayBeNull ? 'A value is needed.' : null;
  if (kind === 'whole number' && !WHOLE.test(value)) return 'This is no whole number.';
  if (kind === 'json' && !isJson(value)) return 'This is no valid JSON.';
  if (kind === 'text' && pattern !== null && !new RegExp(pattern).test(value))
    return 'The text has another form than the service expects.';
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Sorts the sentences of a refusal with status 422 by the field that each names. */
export function faultsInRefusal(
  message: string,
  fields: readonly FieldDescription[],
): { readonly faults: FieldFaults; readonly rest: string } {
  const paths = pathsOf(fields);
  const faults: Record<string, string> = {};
  const rest: string[] = [];
  for (const sentence of message.split('; ')) {
    const [, name = '', reason = ''] = /^([\w.]+): (.+)$/s.exec(sentence) ?? [];
    const path = fieldPathOf(name, paths);
    if (path === null) rest.push(sentence);
    else faults[path] = faults[path] === undefined ? reason : `${faults[path]}; ${reason}`;
  }
  return { faults, rest: rest.join('; ') };
}

/** The field of a fault, also if the fault names a part of the field's value. */
function fieldPathOf(name: string, paths: readonly string[]): string | null {
  return (
    paths.find((path) => path === name) ?? paths.find((path) => name.startsWith(`${path}.`)) ?? null
  );
}

function pathsOf(fields: readonly FieldDescription[]): readonly string[] {
  return fields.flatMap((field) => [...pathsOf(field.fields), field.path]);
}
