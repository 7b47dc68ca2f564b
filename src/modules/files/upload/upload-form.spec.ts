import { WireError } from '@libs/openai-wire';
import { checkUploadField, readUploadForm } from './upload-form.js';

const form = (fields: Record<string, string>) => readUploadForm(new Map(Object.entries(fields)));
const life = (seconds: string, anchor = 'created_at') => ({
  'expires_after[anchor]': anchor,
  'expires_after[seconds]': seconds,
});

describe('readUploadForm', () => {
  it.each([
    [{}, { purpose: 'assistants' }],
    [{ purpose: 'user_data' }, { purpose: 'user_data' }],
    [{ purpose: 'file-extract' }, { purpose: 'file-extract' }],
    [
      { purpose: 'vision', ...life('3600') },
      { purpose: 'vision', expiresAfterSeconds: 3600 },
    ],
    [life('2592000'), { purpose: 'assistants', expiresAfterSeconds: 2_592_000 }],
  ])('reads %j', (fields, expected) => expect(form(fields)).toEqual(expected));

  it.each<[Record<string, string>, string, string]>([
    [
      { purpose: 'world_domination' },
      "'world_domination' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
      'purpose',
    ],
    [{ purpose: '' }, "'' is not one of", 'purpose'],
    [{ purpose: 'assistants_output' }, 'is not one of', 'purpose'],
    [life('3599'), "3599 is less than the minimum of 3600 - 'expires_after.seconds'", 'expires_after'],
    [life('2592001'), "2592001 is greater than the maximum of 2592000 - 'expires_after.seconds'", 'expires_after'],
    [life('soon'), "'soon' is not of type 'integer'", 'expires_after'],
    [life('1e5'), 'is not of type', 'expires_after'],
    [life('3600', 'last_active_at'), "'last_active_at' is not one of ['created_at']", 'expires_after'],
    [{ 'expires_after[seconds]': '3600' }, "'anchor' is a required property - 'expires_after'", 'expires_after'],
    [{ 'expires_after[anchor]': 'created_at' }, "'seconds' is a required property", 'expires_after'],
    [{ nonsense: 'x' }, "Unknown parameter: 'nonsense'.", 'nonsense'],
    [{ file: 'text' }, "Expected 'file' to be a file", 'file'],
  ])('refuses %j', (fields, message, param) => {
    const caught = ((): unknown => {
      try {
        return form(fields);
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(WireError);
    expect(caught).toMatchObject({ status: 400, param, message: expect.stringContaining(message) });
  });

  it('refuses a bad field before the others are there', () => {
    expect(() => checkUploadField('purpose', 'nope')).toThrow('is not one of');
    expect(() => checkUploadField('expires_after[seconds]', '3600')).not.toThrow();
  });
});
