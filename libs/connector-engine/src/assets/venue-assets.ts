import type { AddedAsset, FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';

/** What a venue pays at this moment: what is built in, and what was added since. */
export class VenueAssets {
  private added: readonly AddedAsset[] = [];
  /** Always as of now: whoever holds them sees what is added later. */
  readonly capabilities: VenueCapabilities;

  constructor(readonly builtIn: VenueCapabilities) {
    this.capabilities = withAdded(builtIn, () => this.added);
  }

  get all(): readonly AddedAsset[] {
    return this.added;
  }

  replace(added: readonly AddedAsset[]): void {
    this.added = added;
  }
}

/** The capabilities with what `added` answers each time that they are asked. */
export function withAdded(
  builtIn: VenueCapabilities,
  added: () => readonly AddedAsset[],
): VenueCapabilities {
  return {
    ...builtIn,
    forms: builtIn.forms.map((form) => formWithAdded(form, added)),
    get added() {
      return added();
    },
  };
}

/** A bank account is paid in the currency of its rail: nothing can be added to that. */
function formWithAdded(
  form: FormCapabilities,
  added: () => readonly AddedAsset[],
): FormCapabilities {
  if (form.destination === 'reference_account') return form;
  return {
    ...form,
    get assets() {
      const payable = added().filter((one) => one.payable);
      return payable.length === 0
        ? form.assets
        : [...new Set([...form.assets, ...payable.map(({ asset }) => asset)])];
    },
  };
}
