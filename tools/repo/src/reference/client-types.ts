import { globSync } from 'node:fs';
import { docComments } from './events/doc-comments.js';
import { read, ROOT } from './repository.js';

/** Schema of the published document, as far as types are made of it. */
interface TypedSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: TypedSchema;
  readonly properties?: Readonly<Record<string, TypedSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly TypedSchema[];
  readonly anyOf?: readonly TypedSchema[];
  readonly allOf?: readonly TypedSchema[];
}

interface QueryParameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: TypedSchema;
}

export interface TypedDocument {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly operationId: string; readonly parameters?: readonly QueryParameter[] }
        >
      >
    >
  >;
  readonly webhooks: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody?: {
            readonly content?: Readonly<Record<string, { readonly schema: TypedSchema }>>;
          };
        };
      }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, TypedSchema>> };
}

export const CLIENT_TYPES = 'libs/client/src/api-types.ts';

/** Type of each schema in the client. Other schemas are written where they are used. */
const TYPES: Readonly<Record<string, string>> = {
  AddressBookSettingsDto: 'AddressBook',
  AddressBookTermsDto: 'AddressBookTerms',
  AddressDto: 'Address',
  BalanceDto: 'Balance',
  CancelDto: 'CancelWish',
  CreateWithdrawalDto: 'RequestedWithdrawal',
  CurrencyDto: 'Currency',
  EditWebhookDto: 'WebhookChange',
  HotWalletDto: 'HotWalletAddress',
  NewWebhookDto: 'CreatedWebhook',
  PreviewDto: 'WithdrawalPreview',
  RegisterAddressDto: 'NewAddress',
  RegisterWebhookDto: 'NewWebhook',
  RegisteredWebhookDto: 'Webhook',
  RotateSecretDto: 'SecretRotation',
  SubmittedWithdrawalDto: 'FirstAnswer',
  TimelineStepDto: 'TimelineStep',
  TransactionDto: 'Transaction',
  WebhookAttemptDto: 'WebhookAttempt',
  WebhookDeliveryDto: 'WebhookDelivery',
  WebhookDeliveryLogDto: 'WebhookDeliveryLog',
  WithdrawalStatusDto: 'LaterAnswer',
};
/** Types of fields, by schema and field. Equal types of other fields get the same name. */
const FIELD_TYPES: Readonly<Record<string, readonly [schema: string, field: string]>> = {
  Destination: ['WithdrawalStatusDto', 'destination'],
  RequestedDestination: ['CreateWithdrawalDto', 'destination'],
  TransactionDirection: ['TransactionDto', 'direction'],
  WebhookEventName: ['RegisterWebhookDto', 'events'],
  WithdrawalStatus: ['WithdrawalStatusDto', 'status'],
};
/** Fields with a narrower type in the client than in the document. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'PreviewDto destination': 'Destination',
  'NewWebhookDto events': 'readonly WebhookEventName[]',
  'RegisteredWebhookDto events': 'readonly WebhookEventName[]',
};
/** Type of the query of each list. */
const FILTERS: Readonly<Record<string, string>> = {
  listAddresses: 'AddressFilter',
  listBalances: 'AssetFilter',
  listDeliveries: 'DeliveryFilter',
  listEvents: 'EventFilter',
  listTransactions: 'TransactionFilter',
  listWithdrawals: 'WithdrawalFilter',
};
const WIDTH = 100;

interface TypedField {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  readonly about: string;
}

/** Types of the public client, written from the published document and the comments of its classes. */
export function clientTypes({ paths, webhooks, components: { schemas } }: TypedDocument): string {
  const write = new TypeWriter(schemas);
  const words = docComments(
    globSync('apps/intake-api/src/**/*.ts', { cwd: ROOT })
      .sort()
      .map((file) => read(file)),
  );
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const filters = Object.entries(FILTERS).map(([operation, name]) => {
    const { parameters = [] } = operations.find((one) => one.operationId === operation) ?? {};
    return interfaceOf(
      name,
      '',
      parameters.flatMap((one) => write.filterField(one)),
    );
  });
  const events = Object.keys(webhooks).filter((event) => event.startsWith('withdrawal.'));
  const ofEvents = events.map((event) => write.fieldsOf(dataOf(webhooks[event]?.post)));
  return [
    '// Written by `npm run reference` from the OpenAPI document of the public API.',
    '',
    ...write.declarations,
    ...Object.entries(TYPES).map(([schema, name]) =>
      interfaceOf(name, words.get(schema)?.about ?? '', write.fieldsOf(schema)),
    ),
    ...filters,
    interfaceOf(
      'WithdrawalEventFields',
      'Data of the events of a withdrawal.',
      mergedFields(ofEvents),
    ),
    listOf('WITHDRAWAL_EVENTS', events),
    listOf(
      'WITHDRAWAL_FIELDS',
      write.fieldsOf('WithdrawalStatusDto').map(({ name }) => name),
    ),
  ].join('\n');
}

class TypeWriter {
  private readonly names = new Map<string, string>();

  /** Declarations of the types of fields. */
  readonly declarations: readonly string[];

  constructor(private readonly schemas: TypedDocument['components']['schemas']) {
    this.declarations = Object.entries(FIELD_TYPES).map(([name, [schema, field]]) => {
      const { items, ...found } = schemas[schema]?.properties?.[field] ?? {};
      const parts = this.partsOf(items ?? found).filter((part) => part !== 'null');
      this.names.set(parts.join(' | '), name);
      return `${[`export type ${name} =`, ...parts.map((part) => `  | ${part}`)].join('\n')};\n`;
    });
  }

  fieldsOf(name: string): readonly TypedField[] {
    return this.propertiesOf(this.schemas[name] ?? {}).map(([field, schema, isOptional]) => ({
      name: field,
      isOptional,
      type: OTHERWISE[`${name} ${field}`] ?? this.typeOf(schema),
      about: schema.description ?? '',
    }));
  }

  /** A query has no null. The cursor of a page is passed on as it was answered. */
  filterField({
    name,
    in: place,
    description: about = '',
    schema,
  }: QueryParameter): readonly TypedField[] {
    if (place !== 'query') return [];
    const type = this.typeOf(schema).replace(/ \| null$/, '');
    return [{ name, isOptional: true, type: name === 'cursor' ? 'string | number' : type, about }];
  }

  private propertiesOf({ properties = {}, required = [] }: TypedSchema) {
    return Object.entries(properties).map(
      ([name, schema]) => [name, schema, !required.includes(name)] as const,
    );
  }

  private typeOf(schema: TypedSchema): string {
    const parts = this.partsOf(schema);
    const text = parts.filter((part) => part !== 'null').join(' | ');
    return [this.names.get(text) ?? text, ...(parts.includes('null') ? ['null'] : [])].join(' | ');
  }

  /** Alternatives of a type. */
  private partsOf(schema: TypedSchema): readonly string[] {
    const { $ref, allOf = [], anyOf = [], oneOf = anyOf, type, enum: values } = schema;
    const alternatives = [...allOf, ...oneOf];
    if (alternatives.length > 0) return alternatives.flatMap((one) => this.partsOf(one));
    if ($ref !== undefined) return [this.referred($ref.split('/').at(-1) ?? '')];
    if (values !== undefined)
      return values.map((value) => (value === null ? 'null' : `'${String(value)}'`));
    return [type ?? []].flat().map((one) => this.single(one, schema));
  }

  private referred(name: string): string {
    return TYPES[name] ?? this.object(this.schemas[name] ?? {});
  }

  private single(type: string, schema: TypedSchema): string {
    if (type === 'integer') return 'number';
    if (type === 'object') return this.object(schema);
    if (type !== 'array') return type;
    const item = this.typeOf(schema.items ?? {});
    return item.includes(' | ') ? `readonly (${item})[]` : `readonly ${item}[]`;
  }

  private object(schema: TypedSchema): string {
    const fields = this.propertiesOf(schema).map(([name, one, isOptional]) =>
      fieldOf({ name, isOptional, type: this.typeOf(one), about: '' }),
    );
    return fields.length === 0 ? 'Readonly<Record<string, unknown>>' : `{ ${fields.join(' ')} }`;
  }
}

/** Name of the schema of an event's data. */
function dataOf(event: TypedDocument['webhooks'][string]['post'] | undefined): string {
  const [body] = Object.values(event?.requestBody?.content ?? {});
  return body?.schema.properties?.['data']?.$ref?.split('/').at(-1) ?? '';
}

/** Fields of all lists; a field that a list lacks is optional. */
function mergedFields(lists: readonly (readonly TypedField[])[]): readonly TypedField[] {
  const byName = Map.groupBy(lists.flat(), ({ name }) => name);
  return [...byName.values()].flatMap(([field, ...others]) =>
    field === undefined ? [] : [{ ...field, isOptional: others.length + 1 < lists.length }],
  );
}

function fieldOf({ name, isOptional, type }: TypedField): string {
  return `readonly ${name}${isOptional ? '?' : ''}: ${type};`;
}

function interfaceOf(name: string, about: string, fields: readonly TypedField[]): string {
  return [
    ...commentOf(about, ''),
    `export interface ${name} {`,
    ...fields.flatMap((field) => [...commentOf(field.about, '  '), `  ${fieldOf(field)}`]),
    '}',
    '',
  ].join('\n');
}

/** A comment of one line or more. The marks of our extensions are of the document alone. */
function commentOf(text: string, indent: string): readonly string[] {
  const plain = text.replace(/^\*\*ours\*\*(?:: )?/, '');
  if (plain === '') return [];
  const sentence = `${plain.charAt(0).toUpperCase()}${plain.slice(1).replace(/\.?$/, '.')}`;
  const line = `${indent}/** ${sentence} */`;
  if (line.length <= WIDTH) return [line];
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH)
      lines.push(`${lines.pop()} ${word}`);
    else lines.push(`${indent} * ${word}`);
  }
  return [`${indent}/**`, ...lines, `${indent} */`];
}

function listOf(name: string, values: readonly string[]): string {
  const lines = values.map((value) => `  '${value}',`);
  return [`export const ${name}: readonly string[] = [`, ...lines, '];', ''].join('\n');
}
