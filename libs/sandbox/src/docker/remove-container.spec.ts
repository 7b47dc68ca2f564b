import type { Container } from 'dockerode';
import { removeContainer } from './remove-container.js';

const refusal = (statusCode: number): Error => Object.assign(new Error(`status ${statusCode}`), { statusCode });

function containerThatSays(...answers: (Error | null)[]): { container: Container; count: () => number } {
  let count = 0;
  const remove = (): Promise<void> => {
    const answer = answers[Math.min(count, answers.length - 1)] ?? null;
    count += 1;
    return answer ? Promise.reject(answer) : Promise.resolve();
  };
  return { container: { remove } as unknown as Container, count: () => count };
}

describe('removeContainer', () => {
  test.each<[string, (Error | null)[], number]>([
    ['goes at once', [null], 1],
    ['is gone already', [refusal(404)], 1],
    ['is just ending', [refusal(500), refusal(409), null], 3],
    ['is just being removed by another', [refusal(409), refusal(404)], 2],
  ])('a container that %s', async (_name, answers, tries) => {
    const { container, count } = containerThatSays(...answers);
    await removeContainer(container, 1000);
    expect(count()).toBe(tries);
  });

  test('one that cannot be removed is told', async () => {
    const { container, count } = containerThatSays(refusal(500));
    await expect(removeContainer(container, 1000)).rejects.toThrow('status 500');
    expect(count()).toBe(10);
  });

  test('an engine that is away is not asked again', async () => {
    const { container, count } = containerThatSays(new Error('ECONNREFUSED'));
    await expect(removeContainer(container, 1000)).rejects.toThrow('ECONNREFUSED');
    expect(count()).toBe(1);
  });
});
