import { RunHistory, type StreamedEvent } from './run-history.js';

type Told = [event: string, id: string];

const STEP: Told[] = [
  ['thread.run.step.created', 'step'],
  ['thread.run.step.in_progress', 'step'],
];
const MESSAGE: Told[] = [
  ['thread.message.created', 'message'],
  ['thread.message.delta', 'message'],
  ['thread.message.completed', 'message'],
];
const BEGINNING: Told[] = [run('created'), run('queued'), run('in_progress')];
const STEP_END: Told = ['thread.run.step.completed', 'step'];

function run(status: string): Told {
  return [`thread.run.${status}`, 'run'];
}

function breachesOf(told: readonly Told[]): string[] {
  const events = told.map(([event, id], index): StreamedEvent => {
    const status = event === 'thread.run.created' ? 'queued' : event.replace('thread.run.', '');
    const delta = { content: [{ text: { value: 'Hello' } }] };
    return { sequence: index + 1, event, data: { id, status, ...(event.endsWith('delta') ? { delta } : {}) } };
  });
  return new RunHistory(events).breaches;
}

describe('RunHistory', () => {
  it('finds nothing wrong with a sound run', () => {
    expect(breachesOf([...BEGINNING, ...STEP, ...MESSAGE, STEP_END, run('completed')])).toEqual([]);
    expect(breachesOf([run('created'), run('queued'), run('cancelling'), run('cancelled')])).toEqual([]);
  });

  it.each<[string, Told[], string]>([
    ['two ends', [...BEGINNING, run('completed'), run('completed')], 'completed comes after completed'],
    ['no end', BEGINNING, 'the stream stops at in_progress'],
    [
      'an illegal order',
      [...BEGINNING, run('cancelling'), run('requires_action')],
      'requires_action follows cancelling',
    ],
    ['a second beginning', [...BEGINNING, run('in_progress')], 'in_progress follows in_progress'],
    ['an open step', [...BEGINNING, ...STEP, run('completed')], 'step is left open'],
    ['a step that ends twice', [...BEGINNING, ...STEP, STEP_END, STEP_END], 'step.completed of step is out of place'],
    [
      'a late delta',
      [...BEGINNING, ...MESSAGE, ['thread.message.delta', 'message']],
      'message.delta of message is out',
    ],
    ['a step after the end', [...BEGINNING, run('failed'), ...STEP], 'thread.run.step.created comes after failed'],
  ])('finds %s', (_title, told, breach) => {
    expect(breachesOf(told).join('\n')).toContain(breach);
  });

  it('finds a gap in the numbers', () => {
    const data = { id: 'run', status: 'queued' };
    const history = new RunHistory([{ sequence: 2, event: 'thread.run.queued', data }]);
    expect(history.breaches).toContain('event 1 bears the number 2');
  });
});
