import { parseKernelMessage } from './kernel-message.js';

describe('parseKernelMessage', () => {
  it.each([
    ['{"call":"n","event":"stdout","text":"a"}', { type: 'stdout', text: 'a' }],
    ['{"call":"n","event":"stderr","text":""}', { type: 'stderr', text: '' }],
    ['{"call":"n","event":"result","text":"1","more":1}', { type: 'result', text: '1' }],
    ['{"call":"n","event":"image","name":"a.png"}', { type: 'image', name: 'a.png' }],
    ['{"call":"n","event":"done","status":"interrupted"}', { type: 'done', status: 'interrupted' }],
    ['{"call":"n","event":"ready"}', { type: 'ready' }],
    ['{"call":"m","event":"ready"}', undefined],
    ['{"event":"ready"}', undefined],
    ['{"call":"n","event":"stdout"}', undefined],
    ['{"call":"n","event":"stdout","text":7}', undefined],
    ['{"call":"n","event":"image","name":null}', undefined],
    ['{"call":"n","event":"done","status":"fine"}', undefined],
    ['{"call":"n","event":"done","status":"__proto__"}', undefined],
    ['{"call":"n","event":"exec"}', undefined],
    ['{"call":["n"],"event":"ready"}', undefined],
    ['["n"]', undefined],
    ['null', undefined],
    ['"ready"', undefined],
    ['{"call":"n"', undefined],
    ['', undefined],
    ['\u0000\uffff', undefined],
  ])('reads %j', (line, message) => {
    expect(parseKernelMessage(Buffer.from(line), 'n')).toEqual(message);
  });
});
