import { describe, expect, test } from 'vitest';
import validate from '../../src/modules/validate_argument_spec/index.ts';
import { validateArguments } from '../../src/modules/validate_argument_spec/validate.ts';
import { planTask } from './task-plan.ts';

describe('types and their coercions', () => {
  test.each([
    ['str', 5, '5'],
    ['str', true, 'True'],
    ['int', '12', 12],
    ['float', '1.5', 1.5],
    ['bool', 'yes', true],
    ['bool', 0, false],
    ['list', 'a, b', ['a', 'b']],
    ['list', 3, ['3']],
    ['dict', 'a=1 b=2', { a: '1', b: '2' }],
    ['dict', '{"a": 1}', { a: 1 }],
    ['json', { a: 1 }, '{"a":1}'],
    ['path', '~/x', '~/x'],
    ['raw', [1, { a: 2 }], [1, { a: 2 }]],
  ])('%s takes %j as %j', (type, value, result) => {
    expect(validateArguments({ x: { type } }, { x: value })).toEqual({ values: { x: result }, errors: [] });
  });

  test.each([
    ['int', 'many'],
    ['int', 1.5],
    ['bool', 'maybe'],
    ['list', { a: 1 }],
    ['dict', [1]],
    ['dict', 'no pairs here'],
  ])('%s refuses %j', (type, value) => {
    const { errors } = validateArguments({ x: { type } }, { x: value });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`and we were unable to convert to ${type}`);
  });
});

const nested = {
  type: 'list',
  elements: 'dict',
  options: { port: { type: 'int', required: true }, kind: { choices: ['a', 'b'], default: 'a' } },
  mutually_exclusive: [['port', 'kind']],
};

describe('rules', () => {
  test.each([
    [{ a: { required: true }, b: { required: true } }, {}, ['missing required arguments: a, b']],
    [{ a: { required: true }, b: { required: true, type: 'raw' } }, { a: null, b: null }, []],
    [
      { a: { required: true, type: 'int' }, b: { type: 'int' } },
      { a: null, b: null },
      [
        "argument 'a' is of type <class 'NoneType'> and we were unable to convert to int: <class 'NoneType'> cannot be converted to an int",
      ],
    ],
    [{ a: { choices: ['x'], default: 'x' } }, { a: null }, ['value of a must be one of: x, got: None']],
    [{ a: { default: 1, type: 'int' } }, {}, []],
    [{ a: { choices: ['x', 'y'] } }, { a: 'z' }, ['value of a must be one of: x, y, got: z']],
    [
      { a: { type: 'list', choices: ['x', 'y'] } },
      { a: ['x', 'z'] },
      ['value of a must be one or more of: x, y. Got no match for: z'],
    ],
    [{ a: { type: 'list', elements: 'int' } }, { a: ['1', 2] }, []],
    [{ a: { aliases: ['old'], required: true } }, { old: 'x' }, []],
    [{ a: {} }, { b: 1 }, ['b. Supported parameters include: a.']],
    [{ a: nested }, { a: [{ port: 1, b: 1 }] }, ['a.b. Supported parameters include: kind, port.']],
    [
      { a: { type: 'int' } },
      { a: 'x' },
      [
        "argument 'a' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int",
      ],
    ],
    [
      { a: nested },
      { a: [{ port: [1] }] },
      [
        "argument 'port' is of type <class 'list'> found in 'a'. and we were unable to convert to int: <class 'list'> cannot be converted to an int",
      ],
    ],
    [{ a: nested }, { a: [{ port: '1' }] }, []],
    [{ a: nested }, { a: [{}] }, ['missing required arguments: port found in a']],
    [
      { a: nested },
      { a: [{ port: 1, kind: 'c' }] },
      [
        'parameters are mutually exclusive: port|kind found in a',
        'value of kind must be one of: a, b, got: c found in a',
      ],
    ],
    [{ pw: { type: 'int', no_log: true } }, { pw: 'hush' }, [expect.not.stringContaining('hush')]],
  ])('%j with %j', (spec, args, errors) => {
    expect(validateArguments(spec, args).errors).toEqual(errors);
  });

  const spec = { a: {}, b: {}, c: {} };
  test.each([
    [{ mutually_exclusive: ['a', 'b'] }, { a: 1, b: 2 }, ['parameters are mutually exclusive: a|b']],
    [{ required_together: [['a', 'b']] }, { a: 1 }, ['parameters are required together: a, b']],
    [{ required_together: [['a', 'b']] }, { c: 1 }, []],
    [{ required_one_of: [['a', 'b']] }, { c: 1 }, ['one of the following is required: a, b']],
    [
      { required_if: [['a', 'x', ['b', 'c']]] },
      { a: 'x', b: 1 },
      ['a is x but all of the following are missing: c'],
    ],
    [{ required_if: [['a', 'x', ['b', 'c'], true]] }, { a: 'x', b: 1 }, []],
    [{ required_if: [['a', 'x', ['b']]] }, { a: 'y' }, []],
    [{ required_by: { a: 'b' } }, { a: 1 }, ["missing parameter(s) required by 'a': b"]],
  ])('%j with %j', (relations, args, errors) => {
    expect(validateArguments(spec, args, relations).errors).toEqual(errors);
  });
});

describe('validate_argument_spec', () => {
  const argument_spec = { port: { type: 'int', required: true }, name: {} };

  test('looks at variables of the same names, and at what is provided first', async () => {
    const plan = await planTask(
      validate,
      { argument_spec, provided_arguments: { name: 'x' } },
      { variables: { port: '1', name: { a: 1 }, other: 2 } },
    );
    expect(plan.failed).toBeUndefined();
    expect(plan.resultWith()).toMatchObject({ msg: 'The arg spec validation passed' });
  });

  test('fails with every line', async () => {
    const plan = await planTask(validate, { argument_spec, provided_arguments: { bad: 1 } });
    expect(plan.failed).toBe(
      'Validation of arguments failed:\nbad. Supported parameters include: name, port.\nmissing required arguments: port',
    );
    expect(plan.resultWith().argument_errors).toHaveLength(2);
  });
});
