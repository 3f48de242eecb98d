/** The syntax tree of a template: frozen data nodes. `at` is the offset of a node in the template's text. */

/** An argument list: positional, named, and the `*list` and `**mapping` forms. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  readonly spread: Expression | undefined;
  readonly spreadNamed: Expression | undefined;
}

/** One `a < b` step of a chained comparison. */
export interface Comparison {
  readonly operator: string;
  readonly right: Expression;
}

export type Expression =
  | { readonly kind: 'constant'; readonly at: number; readonly value: unknown }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'list' | 'tuple'; readonly at: number; readonly items: readonly Expression[] }
  | {
      readonly kind: 'dict';
      readonly at: number;
      readonly entries: readonly (readonly [Expression, Expression])[];
    }
  | { readonly kind: 'attribute'; readonly at: number; readonly target: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly at: number; readonly target: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly at: number;
      readonly target: Expression;
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    }
  | { readonly kind: 'call'; readonly at: number; readonly target: Expression; readonly args: Arguments }
  | {
      readonly kind: 'filter';
      readonly at: number;
      readonly name: string;
      readonly target: Expression;
      readonly args: Arguments;
    }
  | {
      readonly kind: 'test';
      readonly at: number;
      readonly name: string;
      readonly target: Expression;
      readonly args: Arguments;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'concat'; readonly at: number; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly at: number;
      readonly left: Expression;
      readonly steps: readonly Comparison[];
    }
  | {
      readonly kind: 'and' | 'or';
      readonly at: number;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'not' | 'negate' | 'plus'; readonly at: number; readonly operand: Expression }
  | {
      readonly kind: 'condition';
      readonly at: number;
      readonly test: Expression;
      readonly value: Expression;
      readonly otherwise: Expression | undefined;
    };

/** What `for` and `set` assign to. */
export type Target =
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'attribute'; readonly at: number; readonly object: string; readonly name: string }
  | { readonly kind: 'tuple'; readonly at: number; readonly items: readonly Target[] };

/** A parameter of a macro or a call block. */
export interface MacroParameter {
  readonly name: string;
  readonly initial: Expression | undefined;
}

/** A filter of a filter block or a set block, applied in turn. */
export interface FilterStep {
  readonly at: number;
  readonly name: string;
  readonly args: Arguments;
}

export type Statement =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'print'; readonly at: number; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly at: number;
      readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly at: number;
      readonly target: Target;
      readonly items: Expression;
      readonly filter: Expression | undefined;
      readonly recursive: boolean;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'set'; readonly at: number; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'capture';
      readonly at: number;
      readonly target: Target;
      readonly filters: readonly FilterStep[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'with';
      readonly at: number;
      readonly bindings: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'macro';
      readonly at: number;
      readonly name: string;
      readonly parameters: readonly MacroParameter[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'callblock';
      readonly at: number;
      readonly parameters: readonly MacroParameter[];
      readonly call: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'filterblock';
      readonly at: number;
      readonly filters: readonly FilterStep[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'block';
      readonly at: number;
      readonly name: string;
      readonly required: boolean;
      readonly scoped: boolean;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'extends'; readonly at: number; readonly template: Expression }
  | {
      readonly kind: 'include';
      readonly at: number;
      readonly template: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    }
  | {
      readonly kind: 'import';
      readonly at: number;
      readonly template: Expression;
      readonly alias: string;
      readonly withContext: boolean;
    }
  | {
      readonly kind: 'from';
      readonly at: number;
      readonly template: Expression;
      readonly names: readonly { readonly name: string; readonly alias: string }[];
      readonly withContext: boolean;
    }
  | { readonly kind: 'do'; readonly at: number; readonly value: Expression }
  | { readonly kind: 'break' | 'continue'; readonly at: number };
