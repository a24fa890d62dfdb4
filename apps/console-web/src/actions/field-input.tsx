import { useId, type ReactNode } from 'react';
import type { FieldFaults, FormValues } from './form-body.js';
import type { FieldDescription } from './route-description.js';

interface FieldInputProps {
  readonly field: FieldDescription;
  readonly values: FormValues;
  readonly faults: FieldFaults;
  readonly isDisabled: boolean;
  readonly onChange: (path: string, value: string) => void;
}

/** Input of a field of a call's body, or of a group of fields. */
export function FieldInput(props: FieldInputProps): ReactNode {
  const { field, faults } = props;
  if (field.kind !== 'group') return <SingleInput {...props} />;
  return (
    <fieldset className="field-group">
      <legend>
        {wordsOf(field.name)}
        {!field.isRequired && <span className="muted"> (optional)</span>}
      </legend>
      {field.description !== null && <p className="small muted">{field.description}</p>}
      {faults[field.path] !== undefined && <p className="bad-text">{faults[field.path]}</p>}
      {field.fields.map((part) => (
        <FieldInput key={part.path} {...props} field={part} />
      ))}
    </fieldset>
  );
}

function SingleInput({ field, values, faults, isDisabled, onChange }: FieldInputProps): ReactNode {
  const id = useId();
  const fault = faults[field.path];
  const about = [field.description, hintOf(field)].filter((text) => text !== null).join('. ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {wordsOf(field.name)}
        {(!field.isRequired || field.mayBeNull) && <span className="muted"> (optional)</span>}
      </label>
      <Control
        id={id}
        field={field}
        value={values[field.path] ?? ''}
        isDisabled={isDisabled}
        isFaulty={fault !== undefined}
        onChange={(value) => onChange(field.path, value)}
      />
      <span id={`${id}-about`} className="small">
        {fault !== undefined && <span className="bad-text">{fault} </span>}
        <span className="muted">{about}</span>
      </span>
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly field: FieldDescription;
  readonly value: string;
  readonly isDisabled: boolean;
  readonly isFaulty: boolean;
  readonly onChange: (value: string) => void;
}

function Control({ id, field, value, isDisabled, isFaulty, onChange }: ControlProps): ReactNode {
  const { kind, choices, isRequired } = field;
  const common = {
    id,
    value,
    'aria-invalid': isFaulty,
    'aria-describedby': `${id}-about`,
    'aria-required': isRequired,
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      onChange(currentTarget.value),
  };
  if (kind === 'choice' || kind === 'flag')
    return (
      <select {...common} disabled={isDisabled}>
        <option value="">{isRequired ? 'Choose' : 'None'}</option>
        {(kind === 'flag' ? ['true', 'false'] : choices).map((choice) => (
          <option key={choice} value={choice}>
            {kind === 'flag' ? FLAG_WORDS[choice] : wordsOf(choice)}
          </option>
        ))}
      </select>
    );
  if (kind === 'long text' || kind === 'texts' || kind === 'json')
    return (
      <textarea
        {...common}
        readOnly={isDisabled}
        className={kind === 'json' ? 'mono' : undefined}
      />
    );
  return (
    <input
      {...common}
      type="text"
      readOnly={isDisabled}
      autoComplete="off"
      spellCheck={false}
      inputMode={kind === 'whole number' ? 'numeric' : undefined}
    />
  );
}

const FLAG_WORDS: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

function hintOf({ kind, example }: FieldDescription): string | null {
  if (kind === 'time') return 'UTC, such as 2026-11-20T08:00:00.000Z';
  if (kind === 'texts') return 'One per line';
  if (kind === 'json') return example === null ? 'JSON' : `JSON, such as ${example}`;
  return example === null ? null : `Such as ${example}`;
}

/** Words of a technical name. */
function wordsOf(name: string): string {
  return name.replaceAll('_', ' ');
}
